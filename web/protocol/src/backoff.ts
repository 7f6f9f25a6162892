// How long to wait before coming back, and what a close code asks for (docs/realtime.md, section 5).

/** Full jitter: uniform in [0, min(30 s, 0.5 s · 2ⁿ)]. `random` gives a number in [0, 1). */
export function backoff_ms(attempt: number, random: () => number): number {
  return Math.floor(random() * Math.min(30_000, 500 * 2 ** Math.min(attempt, 16)))
}

export type AfterClose =
  | { then: 'backoff' }
  | { then: 'wait'; wait_ms: number; draining?: boolean }
  /** Come back at once; `fresh` forgets position and epoch. */
  | { then: 'again'; fresh: boolean }
  | { then: 'expired' }
  | { then: 'stop'; why: string }

/** What a close code means for the client. */
export function afterClose(code: number, reason: string, random: () => number): AfterClose {
  switch (code) {
    case 1003:
    case 1007:
    case 1009:
      return { then: 'stop', why: reason || `refused (${code})` }
    case 4000:
      return { then: 'wait', wait_ms: Math.floor(random() * 20_000), draining: true }
    case 4001:
    case 4010:
      return { then: 'again', fresh: false }
    case 4002:
      return { then: 'again', fresh: true }
    case 4003:
      return { then: 'expired' }
    case 4004:
      return { then: 'stop', why: reason || 'protocol fault' }
    case 4008: {
      const seconds = Number.parseFloat(reason)
      return { then: 'wait', wait_ms: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : 30_000 }
    }
    case 4009:
      return { then: 'stop', why: 'replaced' }
    default:
      return { then: 'backoff' }
  }
}
