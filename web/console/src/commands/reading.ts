// The one history on screen, for commands that live outside of it. It registers itself when it is mounted.
interface Thread {
  /** Gives the focus to the next (1) or previous (-1) thing in the history. */
  step: (by: 1 | -1) => void
  /** Number of the customer's message that has the focus. */
  message: () => number | undefined
}

let now: Thread | null = null

export const reading = {
  register(thread: Thread) {
    now = thread
    return () => {
      if (now === thread) now = null
    }
  },
  step: (by: 1 | -1) => now?.step(by),
  message: () => now?.message(),
}
