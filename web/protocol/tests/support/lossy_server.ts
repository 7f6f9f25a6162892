// A server after docs/realtime.md with one conversation in memory, behind a line that loses, repeats and cuts.
import type { PublicEntry } from '../../src/shapes.ts'

export interface Faults {
  /** Chance that a frame to the client is swallowed without the connection noticing. */
  swallow: number
  /** Chance that a frame to the client arrives twice. */
  repeat: number
  /** Chance, at each frame in either direction, that the connection is cut. */
  cut: number
  /** Chance that a command is refused for now. */
  busy: number
  /** Chance that a resume is answered with a snapshot. */
  snapshot: number
}

export interface Line {
  toClient: (text: string) => void
  cutClient: (code: number) => void
}

interface Event { after: string; at: string; entry: PublicEntry }

export class LossyServer {
  readonly entries: PublicEntry[] = []
  private readonly log_: Event[] = []
  private readonly by_cid_ = new Map<string, { at: string; seq: number }>()
  private position_ = 100
  private epoch_ = 'e1'
  private line_: Line | undefined
  private greeted_ = false

  constructor(private readonly random_: () => number, private faults_: Faults) {}

  calm(): void {
    this.faults_ = { swallow: 0, repeat: 0, cut: 0, busy: 0, snapshot: 0 }
  }

  /** A backup was restored: the last entries are gone and positions mean nothing any more. */
  restore(): void {
    this.epoch_ += "'"
    const gone = this.entries.splice(Math.max(0, this.entries.length - 2))
    for (const entry of gone) if (entry.cid) this.by_cid_.delete(entry.cid)
    this.log_.length = 0
    this.position_ += 1000
    this.hangUp(4002)
  }

  connect(line: Line): void {
    this.line_ = line
    this.greeted_ = false
  }

  /** The client's side of the connection is gone. */
  gone(): void {
    this.line_ = undefined
  }

  /** Somebody else writes. */
  agentWrites(text: string): void {
    this.append({ kind: 'agent', name: 'Ana' }, text, null)
  }

  fromClient(text: string): void {
    if (this.random_() < this.faults_.cut) return this.hangUp(1006)
    const frame = JSON.parse(text) as Record<string, string>
    if (frame['op'] === 'hello') return this.hello(frame)
    if (!this.greeted_) throw new Error('a client speaks before its hello is answered')
    if (frame['op'] === 'ping') return this.send({ op: 'pong', t: frame['t'] })
    if (frame['op'] === 'say') this.say(frame['cid']!, frame['text']!)
  }

  private say(cid: string, text: string): void {
    if (this.random_() < this.faults_.busy) {
      return this.send({ op: 'err', cid, code: 'busy', retryable: true, retry_after_ms: 50 })
    }
    let done = this.by_cid_.get(cid)
    if (!done) {
      const entry = this.append({ kind: 'customer' }, text, cid)
      done = { at: String(this.position_), seq: entry.seq }
      this.by_cid_.set(cid, done)
    }
    this.send({ op: 'ok', cid, ...done })
  }

  private append(author: PublicEntry['author'], text: string, cid: string | null): PublicEntry {
    const seq = this.entries.length + 1
    const entry: PublicEntry = { id: `${this.epoch_}/${seq}`, seq, kind: 'message', author, text, happened: seq, cid }
    this.entries.push(entry)
    const after = String(this.position_)
    this.position_ += 1 + Math.floor(this.random_() * 3)
    const event = { after, at: String(this.position_), entry }
    this.log_.push(event)
    this.send({ op: 'event', what: 'entry_added', ...event })
    return entry
  }

  private hello(frame: Record<string, string>): void {
    const from = this.log_.findIndex((event) => event.after === frame['at'])
    const current = frame['at'] === String(this.position_)
    const known = frame['epoch'] === this.epoch_ && (from >= 0 || current) && this.random_() >= this.faults_.snapshot
    this.greeted_ = true
    const common = { op: 'welcome', v: 1, epoch: this.epoch_, server_time: 0 }
    if (!known) {
      return this.send({ ...common, resume: 'snapshot', as_of: String(this.position_), entries: this.entries, more: false })
    }
    const missed = current ? [] : this.log_.slice(from)
    this.send({ ...common, resume: 'replay', as_of: frame['at'], entries: [], more: false })
    // Queued frames travel together as one array.
    if (missed.length) this.send(missed.map((event) => ({ op: 'event', what: 'entry_added', ...event })))
  }

  private send(frame: object): void {
    if (!this.line_ || !this.greeted_) return
    if (this.random_() < this.faults_.cut) return this.hangUp(1006)
    if (this.random_() < this.faults_.swallow) return
    const text = JSON.stringify(frame)
    this.line_.toClient(text)
    if (this.random_() < this.faults_.repeat) this.line_?.toClient(text)
  }

  private hangUp(code: number): void {
    const line = this.line_
    this.line_ = undefined
    line?.cutClient(code)
  }
}
