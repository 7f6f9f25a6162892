// A link on a table: its clock, timers and wire are in the test's hands.
import { Link } from '../../src/link.ts'
import type { Effect, LinkOptions, Notice, Timer } from '../../src/link_types.ts'

export class Bench {
  now_ms = 1_000_000
  readonly timers = new Map<Timer, number>()
  readonly notices: Notice[] = []
  readonly link: Link
  /** Sockets opened so far. */
  opens = 0
  on_effect: (effect: Effect) => void = () => {}
  on_notice: (notice: Notice) => void = () => {}

  constructor(options: { kind: LinkOptions['kind']; hello?: () => Record<string, unknown>; random?: () => number }) {
    this.link = new Link({
      kind: options.kind,
      hello: options.hello ?? (() => ({})),
      random: options.random ?? (() => 0.5),
      on_effect: (effect) => {
        if (effect.do === 'wake') this.timers.set(effect.timer, this.now_ms + effect.after_ms)
        if (effect.do === 'unwake') this.timers.delete(effect.timer)
        if (effect.do === 'open') this.opens += 1
        this.on_effect(effect)
      },
      on_notice: (notice) => {
        this.notices.push(notice)
        this.on_notice(notice)
      },
    })
  }

  /** The next timer that is due, if any. */
  nextTimer(): [Timer, number] | undefined {
    let soonest: [Timer, number] | undefined
    for (const entry of this.timers) if (!soonest || entry[1] < soonest[1]) soonest = entry
    return soonest
  }

  /** Lets time pass, firing timers when their moment comes. */
  elapse(ms: number): void {
    const until = this.now_ms + ms
    for (let due = this.nextTimer(); due && due[1] <= until; due = this.nextTimer()) {
      this.now_ms = Math.max(this.now_ms, due[1])
      this.timers.delete(due[0])
      this.link.woke(due[0], this.now_ms)
    }
    this.now_ms = until
  }
}
