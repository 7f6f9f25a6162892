// Commands that wait for their answer. A command stays here, with its cid, over any number of lost
// connections until it is answered or given up; commands of one lane go out one at a time, in order,
// so that what a person typed in order is committed in order even when one of them has to wait.
import { backoff_ms } from './backoff.ts'
import type { CommandFrame, ErrFrame } from './frames.ts'

export interface Command {
  frame: CommandFrame
  /** Commands of the same lane keep their order; without a lane a command waits for nobody. */
  lane: string | undefined
  /** Written to the present connection and not answered yet. */
  sent: boolean
  /** When it was written to the present connection, ms of the machine's clock. */
  sent_ms: number
  /** Not to be written before this moment of the machine's clock, in ms. */
  not_before_ms: number
  attempts: number
}

export class Commands {
  private readonly waiting_ = new Map<string, Command>()

  get size(): number {
    return this.waiting_.size
  }

  has(cid: string): boolean {
    return this.waiting_.has(cid)
  }

  /** In the order they were asked for. */
  list(): Command[] {
    return [...this.waiting_.values()]
  }

  /** Adding a cid that already waits changes nothing. */
  add(frame: CommandFrame, lane: string | undefined): void {
    if (this.waiting_.has(frame.cid)) return
    this.waiting_.set(frame.cid, { frame, lane, sent: false, sent_ms: 0, not_before_ms: 0, attempts: 0 })
  }

  take(cid: string): Command | undefined {
    const command = this.waiting_.get(cid)
    this.waiting_.delete(cid)
    return command
  }

  /** The connection is gone: everything unanswered has to be written again. */
  unsend(): void {
    for (const command of this.waiting_.values()) command.sent = false
  }

  /** How long the longest unanswered one has been on the present connection, in ms. */
  overdue_ms(now_ms: number): number {
    let longest = 0
    for (const command of this.waiting_.values()) if (command.sent) longest = Math.max(longest, now_ms - command.sent_ms)
    return longest
  }

  /** A retryable refusal: keep the command, wait as told or with jitter. Returns the wait in ms. */
  postpone(cid: string, err: ErrFrame, now_ms: number, random: () => number): number | undefined {
    const command = this.waiting_.get(cid)
    if (!command) return undefined
    command.attempts += 1
    const wait_ms = err.retry_after_ms ?? 250 + backoff_ms(command.attempts, random)
    command.sent = false
    command.not_before_ms = now_ms + wait_ms
    return wait_ms
  }

  /** Everything that may be written now, marked as sent, and when to look again (ms of the clock). */
  due(now_ms: number): { write: CommandFrame[]; again_at_ms: number | undefined } {
    const busy = new Set<string>()
    const write: CommandFrame[] = []
    let again_at_ms: number | undefined
    for (const command of this.waiting_.values()) {
      const free = command.lane === undefined || !busy.has(command.lane)
      if (command.lane !== undefined) busy.add(command.lane)
      if (!free || command.sent) continue
      if (command.not_before_ms > now_ms) {
        again_at_ms = Math.min(again_at_ms ?? Infinity, command.not_before_ms)
        continue
      }
      command.sent = true
      command.sent_ms = now_ms
      write.push(command.frame)
    }
    return { write, again_at_ms }
  }
}
