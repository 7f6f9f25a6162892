// The client side of the realtime protocol as a state machine without I/O: everything that happens is told
// to it with the time, everything it wants comes out as effects (sockets, timers) and notices (for the app).
// Browser glue is in browser.ts; the rules are those of docs/realtime.md.
import { afterClose, backoff_ms } from './backoff.ts'
import { Commands, type Command } from './commands.ts'
import {
  parseFrames, type CastFrame, type CommandFrame, type ErrFrame, type EventFrame, type LiveFrame, type OkFrame,
  type Welcome,
} from './frames.ts'
import type { Effect, LinkOptions, LinkState, Notice, Timer } from './link_types.ts'
import { beat_ms, doubt_ms, pulse_ms, answer_ms, greet_ms, grace_ms, late_ms, steady_ms } from './pace.ts'
import { pill, type Loss, type Phase, type Sync } from './pill.ts'
import type { Position } from './shapes.ts'

export class Link {
  private readonly options_: LinkOptions
  private readonly random_: () => number
  private readonly commands_ = new Commands()
  private readonly outbox_: (() => void)[] = []
  private emitting_ = false

  private phase_: Phase = 'idle'
  private sync_: Sync = 'synced'
  private state_: LinkState = 'connecting'
  private why_ = ''
  private epoch_: string | undefined
  private here_: Position | undefined
  private attempt_ = 0
  private was_up_ = false
  private network_ = true
  private doubting_ = false
  private loss_: Loss = 'none'
  private server_draining_ = false
  private clock_offset_us_ = 0
  private rtt_ms_: number | undefined

  constructor(options: LinkOptions) {
    this.options_ = options
    this.random_ = options.random ?? Math.random
  }

  get state(): LinkState {
    return this.state_
  }

  /** The position up to which everything has been applied. */
  get here(): Position | undefined {
    return this.here_
  }

  get epoch(): string | undefined {
    return this.epoch_
  }

  /** Last measured round trip. */
  get rtt_ms(): number | undefined {
    return this.rtt_ms_
  }

  /** The server's clock minus ours, in microseconds. */
  get clock_offset_us(): number {
    return this.clock_offset_us_
  }

  /** Commands without an answer yet, oldest first. */
  pending(): Command[] {
    return this.commands_.list()
  }

  start(): void {
    if (this.phase_ !== 'idle') return
    this.markLost()
    this.open()
  }

  /** Closes for good; commands stay and can be read with pending(). */
  stop(why = 'closed'): void {
    this.hangUp(1000, why)
    this.finish('stopped', why)
  }

  /** Closes and comes back at once under what `hello` now says; `fresh` forgets the position. */
  restart(fresh: boolean): void {
    if (this.phase_ === 'idle' || this.phase_ === 'stopped') return
    if (fresh) this.forgetPosition()
    this.hangUp(1000, 'again')
    this.lose(0)
  }

  /** Agents after a new log-in. */
  renewed(): void {
    if (this.phase_ !== 'expired') return
    this.markLost()
    this.open()
  }

  /** Agents: the state asked for after a snapshot is loaded. */
  resynced(): void {
    this.sync_ = 'synced'
    this.show()
  }

  /** Agents: the state could not be loaded; what is on screen may be old. */
  resyncFailed(why: string): void {
    if (this.sync_ !== 'syncing') return
    this.sync_ = 'failed'
    this.show(why)
  }

  /** Asks for something. It goes out now or as soon as it can, and again after every loss, until answered. */
  command(frame: CommandFrame, now_ms: number, lane?: string): void {
    this.commands_.add(frame, lane)
    this.flush(now_ms)
  }

  /** Gives a command up. It may have been carried out already. */
  forget(cid: string, now_ms: number): void {
    if (this.commands_.take(cid)) this.flush(now_ms)
  }

  /** Sends something unanswered if the link is up. Returns whether it went out. */
  cast(frame: CastFrame): boolean {
    if (this.phase_ !== 'up') return false
    this.write(frame)
    return true
  }

  opened(): void {
    if (this.phase_ !== 'opening') return
    this.phase_ = 'greeting'
    const resume = this.here_ === undefined ? {} : { epoch: this.epoch_, at: this.here_ }
    this.write({ ...this.options_.hello(), op: 'hello', v: 1, ...resume })
  }

  frame(text: string, now_ms: number): void {
    if (this.phase_ !== 'greeting' && this.phase_ !== 'up') return
    this.effect({ do: 'unwake', timer: 'pulse' })
    let frames: Record<string, unknown>[]
    try {
      frames = parseFrames(text)
    } catch {
      return this.gap('unreadable frame')
    }
    for (const frame of frames) {
      if (this.phase_ !== 'greeting' && this.phase_ !== 'up') return
      this.one(frame, now_ms)
    }
  }

  closed(code: number, reason: string): void {
    if (this.phase_ === 'idle' || this.phase_ === 'waiting' || this.phase_ === 'expired' || this.phase_ === 'stopped') return
    const next = afterClose(code, reason, this.random_)
    switch (next.then) {
      case 'backoff':
        return this.lose(backoff_ms(this.attempt_++, this.random_))
      case 'wait':
        this.server_draining_ = next.draining ?? false
        return this.lose(next.wait_ms)
      case 'again':
        if (next.fresh) this.forgetPosition()
        return this.lose(this.soon())
      case 'expired':
        this.forgetPosition()
        if (this.options_.kind === 'agent') this.finish('expired', reason)
        else this.lose(this.soon())
        return this.notice({ type: 'expired' })
      case 'stop':
        return this.finish('stopped', next.why)
    }
  }

  woke(timer: Timer, now_ms: number): void {
    switch (timer) {
      case 'connect':
        if (this.phase_ === 'waiting') this.open()
        return
      case 'greet':
        if (this.phase_ === 'opening' || this.phase_ === 'greeting') this.giveUp('no welcome')
        return
      case 'beat':
        if (this.phase_ !== 'up') return
        if (this.commands_.overdue_ms(now_ms) >= answer_ms) return this.giveUp('a command was not answered')
        return this.ping(now_ms)
      case 'pulse':
        if (this.phase_ === 'up') this.giveUp('no answer')
        return
      case 'retry':
        return this.flush(now_ms)
      case 'steady':
        if (this.phase_ === 'up') this.attempt_ = 0
        return
      case 'grace':
      case 'late':
        if (this.loss_ !== 'none') this.loss_ = timer === 'late' ? 'late' : 'shown'
        return this.show()
    }
  }

  /** The browser's word on the network. Coming back tries at once. */
  online(there: boolean, now_ms: number): void {
    this.network_ = there
    if (there) this.visible(now_ms)
    this.show()
  }

  /** The page came to the front: look whether the line still stands, or come back now. */
  visible(now_ms: number): void {
    if (this.phase_ === 'waiting' && !this.server_draining_) this.hurry()
    else if (this.phase_ === 'up') this.ping(now_ms)
  }

  private one(frame: Record<string, unknown>, now_ms: number): void {
    if (frame['op'] === 'welcome') return this.welcome(frame as unknown as Welcome, now_ms)
    if (typeof frame['after'] === 'string' && typeof frame['at'] === 'string') return this.positioned(frame as EventFrame)
    switch (frame['op']) {
      case 'ok':
      case 'history': {
        const command = this.commands_.take(String(frame['cid']))
        if (command) this.notice({ type: 'ok', command: command.frame, ok: frame as OkFrame })
        return this.flush(now_ms)
      }
      case 'err':
        return this.err(frame as ErrFrame, now_ms)
      case 'live':
        return this.notice({ type: 'live', live: frame as LiveFrame })
      case 'pong':
        if (typeof frame['t'] === 'number') this.rtt_ms_ = Math.max(0, now_ms - frame['t'])
        if (typeof frame['server_time'] === 'number') this.setClock(frame['server_time'], now_ms)
        return
    }
  }

  private welcome(welcome: Welcome, now_ms: number): void {
    if (this.phase_ === 'up') return this.gap('a second welcome')
    const fresh = welcome.resume !== 'replay' || welcome.epoch !== this.epoch_
    if (!fresh && welcome.as_of !== this.here_) {
      this.forgetPosition()
      return this.gap('resumed elsewhere')
    }
    this.phase_ = 'up'
    this.was_up_ = true
    this.server_draining_ = false
    this.loss_ = 'none'
    this.epoch_ = welcome.epoch
    this.here_ = welcome.as_of
    this.setClock(welcome.server_time, now_ms)
    for (const timer of ['greet', 'grace', 'late'] as const) this.effect({ do: 'unwake', timer })
    this.effect({ do: 'wake', timer: 'beat', after_ms: beat_ms })
    this.effect({ do: 'wake', timer: 'steady', after_ms: steady_ms })
    if (fresh) this.sync_ = this.options_.kind === 'agent' ? 'syncing' : 'synced'
    this.notice({ type: 'welcome', welcome, fresh })
    this.show()
    this.flush(now_ms)
  }

  /** The gap rule: apply only what follows directly on where we stand. */
  private positioned(event: EventFrame): void {
    if (this.phase_ !== 'up' || event.after !== this.here_) return this.gap('gap')
    this.here_ = event.at
    if (event.op === 'event') this.notice({ type: 'event', event })
  }

  private err(err: ErrFrame, now_ms: number): void {
    if (err.cid === undefined || !this.commands_.has(err.cid)) return
    if (err.retryable) {
      const frame = this.commands_.list().find((command) => command.frame.cid === err.cid)!.frame
      const wait_ms = this.commands_.postpone(err.cid, err, now_ms, this.random_)!
      this.notice({ type: 'waiting', command: frame, err, wait_ms })
    } else {
      this.notice({ type: 'refused', command: this.commands_.take(err.cid)!.frame, err })
    }
    this.flush(now_ms)
  }

  private flush(now_ms: number): void {
    if (this.phase_ !== 'up') return
    const { write, again_at_ms } = this.commands_.due(now_ms)
    for (const frame of write) this.write(frame)
    if (write.length > 0 && !this.doubting_) {
      this.doubting_ = true
      this.effect({ do: 'wake', timer: 'beat', after_ms: doubt_ms })
    }
    if (again_at_ms !== undefined) this.effect({ do: 'wake', timer: 'retry', after_ms: Math.max(0, again_at_ms - now_ms) })
  }

  private ping(now_ms: number): void {
    this.doubting_ = false
    this.write({ op: 'ping', t: now_ms })
    this.effect({ do: 'wake', timer: 'pulse', after_ms: pulse_ms })
    this.effect({ do: 'wake', timer: 'beat', after_ms: beat_ms })
  }

  private gap(why: string): void {
    this.hangUp(4010, why)
    this.closed(4010, why)
  }

  private giveUp(why: string): void {
    this.hangUp(1000, why)
    this.lose(backoff_ms(this.attempt_++, this.random_))
  }

  private open(): void {
    this.phase_ = 'opening'
    this.effect({ do: 'open' })
    this.effect({ do: 'wake', timer: 'greet', after_ms: greet_ms })
    this.show()
  }

  /** At once the first time; a server that keeps doing it is met with growing waits. */
  private soon(): number {
    return this.attempt_++ === 0 ? 0 : backoff_ms(this.attempt_, this.random_)
  }

  private hurry(): void {
    this.effect({ do: 'unwake', timer: 'connect' })
    this.open()
  }

  private lose(wait_ms: number): void {
    this.quiet()
    this.phase_ = 'waiting'
    this.markLost()
    this.effect({ do: 'wake', timer: 'connect', after_ms: wait_ms })
    this.show()
  }

  private markLost(): void {
    if (this.loss_ !== 'none') return
    this.loss_ = 'short'
    this.effect({ do: 'wake', timer: 'grace', after_ms: grace_ms })
    this.effect({ do: 'wake', timer: 'late', after_ms: late_ms })
  }

  private finish(phase: 'expired' | 'stopped', why: string): void {
    this.quiet()
    for (const timer of ['connect', 'grace', 'late'] as const) this.effect({ do: 'unwake', timer })
    this.loss_ = 'none'
    this.phase_ = phase
    this.show(why)
  }

  /** Nothing of the old connection may still fire. */
  private quiet(): void {
    this.doubting_ = false
    this.commands_.unsend()
    for (const timer of ['greet', 'beat', 'pulse', 'retry', 'steady'] as const) this.effect({ do: 'unwake', timer })
  }

  private hangUp(code: number, reason: string): void {
    if (this.phase_ === 'opening' || this.phase_ === 'greeting' || this.phase_ === 'up') {
      this.effect({ do: 'close', code, reason })
    }
  }

  private forgetPosition(): void {
    this.here_ = undefined
    this.epoch_ = undefined
  }

  private setClock(server_time_us: number, now_ms: number): void {
    this.clock_offset_us_ = server_time_us - now_ms * 1000
  }

  private show(why = ''): void {
    const { phase_: phase, sync_: sync, loss_: loss, network_: network, was_up_: was_up, state_: shown } = this
    const state = pill({ phase, sync, loss, network, was_up, draining: this.server_draining_, shown })
    if (state === this.state_ && why === this.why_) return
    this.state_ = state
    this.why_ = why
    this.notice({ type: 'state', state, why })
  }

  private write(frame: object): void {
    this.effect({ do: 'write', text: JSON.stringify(frame) })
  }

  private effect(effect: Effect): void {
    this.emit(() => this.options_.on_effect(effect))
  }

  private notice(notice: Notice): void {
    this.emit(() => this.options_.on_notice(notice))
  }

  // What comes out is handed over in the order it was meant, also when a listener calls back into the machine.
  private emit(call: () => void): void {
    this.outbox_.push(call)
    if (this.emitting_) return
    this.emitting_ = true
    try {
      for (let next = this.outbox_.shift(); next; next = this.outbox_.shift()) next()
    } finally {
      this.emitting_ = false
    }
  }
}
