// The visitor's side of one conversation: the link, the timeline and what is kept over a reload, in one place
// that the views look at. Views call its verbs and listen for `on_change`; they never see the socket.
import {
  browserLink, newCid, Timeline, type Attachment, type CommandFrame, type EventFrame, type Limits, type Link, type LinkState, type LiveFrame,
  type Notice, type PublicEntry, type QueuePlace, type VisitorConversation, type VisitorWelcome,
} from '@parley/protocol'
import type { PageContext } from '../shared/messages.ts'
import { Keep } from './keep.ts'
import { endOf, subjectOf, wirePage } from './wire.ts'

/** A line in the talk that is no entry: somebody came or left while we watched. */
export interface Line {
  key: string
  what: 'joined' | 'left'
  name: string
  /** Stands after the entry with this seq. */
  after_seq: number
}

export interface SessionOptions {
  inbox: string
  /** The socket's path or absolute address. */
  url: string
  locale: () => string
  page: () => PageContext
  on_change: () => void
  /** For the host page: sent, reply, identified, identity_refused. */
  on_happened: (name: string) => void
}

const typing_shown_ms = 10_000
const typing_again_ms = 3_000
const lane = 'chat'
const renew_every_ms = 30_000
/** Addresses of files are renewed this long before they end. */
const renew_ahead_ms = 75_000

export class Session {
  readonly timeline = new Timeline()
  readonly keep: Keep
  state: LinkState = 'connecting'
  welcome: VisitorWelcome | undefined
  conversation: VisitorConversation | null = null
  queue: QueuePlace | null = null
  agents_online: boolean | undefined
  /** Who is writing to us right now. */
  typing: string | undefined
  lines: Line[] = []
  loading_more = false
  /** The offline form has been sent from this page. */
  left_message = false

  private readonly options_: SessionOptions
  private readonly link_: Link
  private readonly now_ms_: () => number
  private typing_timer_: ReturnType<typeof setTimeout> | undefined
  private typed_at_ms_ = 0
  private identity_: string | undefined
  /** The server's clock minus ours. */
  private clock_ahead_ms_ = 0

  constructor(options: SessionOptions) {
    this.options_ = options
    this.keep = new Keep(options.inbox)
    const { link, now_ms } = browserLink({
      kind: 'visitor',
      url: options.url,
      hello: () => ({
        inbox: options.inbox,
        token: this.keep.get('token'),
        identity: this.identity_,
        locale: options.locale(),
        client: newCid(),
        page: wirePage(options.page()),
      }),
      on_notice: (notice) => this.hear(notice),
    })
    this.link_ = link
    this.now_ms_ = now_ms
  }

  start(): void {
    for (const kept of this.keep.messages()) {
      this.timeline.write(kept.cid, kept.text, kept.attachments, kept.written)
      if (kept.refused === undefined) this.put(kept.cid, kept.text, kept.attachments)
      else this.timeline.mark(kept.cid, 'refused', { detail: kept.refused })
    }
    this.link_.start()
    setInterval(() => this.renewAddresses(), renew_every_ms)
  }

  /**
   * The address of a file ends after minutes. The entries whose files would soon be out of reach are asked for once more, a page at a
   * time: they come with fresh addresses.
   */
  private renewAddresses(): void {
    if (this.state !== 'live' || this.loading_more || document.visibilityState === 'hidden') return
    const soon = this.now_ms_() + this.clock_ahead_ms_ + renew_ahead_ms
    const stale = this.timeline.entries().findLast((entry) => entry.attachments?.some((file) => endOf(file.url) < soon))
    if (stale) this.ask({ op: 'more', before: stale.seq + 1 })
  }

  /** Who is with us; nobody any more once the chat has ended. */
  get agent(): string | undefined {
    return this.ended ? undefined : this.conversation?.agent?.name
  }

  get ended(): boolean {
    return this.conversation?.status === 'resolved'
  }

  get limits(): Required<Limits> {
    return { text: 4_000, attachment_bytes: 10 << 20, attachments: 10, ...this.welcome?.limits }
  }

  get token(): string | undefined {
    return this.keep.get('token')
  }

  /** Entries by the other side that have not been looked at. */
  get unread(): number {
    const read = this.read_seq
    return this.timeline.entries().filter((entry) => entry.seq > read && isTheirs(entry)).length
  }

  /** Up to where this person has read. */
  get read_seq(): number {
    return Number(this.keep.get('read') ?? 0)
  }

  say(text: string, attachments: Attachment[]): void {
    const cid = newCid()
    const written = this.now_ms_() * 1000
    this.keep.keepMessage({ cid, text, attachments, written })
    this.timeline.write(cid, text, attachments, written)
    this.stopTyping()
    this.put(cid, text, attachments)
    this.options_.on_happened('sent')
    this.changed()
  }

  /** A refused message once more, as a new intention. */
  retry(cid: string): void {
    const draft = this.discard(cid)
    if (draft) this.say(draft.text, draft.attachments)
  }

  discard(cid: string): { text: string; attachments: Attachment[] } | undefined {
    this.keep.dropMessage(cid)
    this.link_.forget(cid, this.now_ms_())
    const draft = this.timeline.discard(cid)
    this.changed()
    return draft
  }

  /** The pre-chat form. */
  fill(fields: Record<string, string>): void {
    this.ask({ op: 'form', fields })
    this.keep.set('form', '1')
    this.changed()
  }

  leaveMessage(name: string, email: string, text: string): void {
    this.ask({ op: 'leave_message', ...(name && { name }), email, text })
    this.left_message = true
    this.changed()
  }

  end(): void {
    this.ask({ op: 'end' })
  }

  /** A page of older entries. */
  earlier(): void {
    const before = this.timeline.oldest_seq
    if (this.loading_more || !this.timeline.more || before === undefined) return
    this.loading_more = true
    this.ask({ op: 'more', before })
    this.changed()
  }

  /** The talk is in front of somebody's eyes. */
  look(): void {
    const seen = this.timeline.entries().filter(isTheirs).at(-1)?.seq ?? 0
    if (seen <= this.read_seq) return
    this.keep.set('read', String(seen))
    this.link_.cast({ op: 'read', seq: seen })
    this.changed()
  }

  /** A key was pressed in the composer; told at most every few seconds. */
  type(): void {
    if (this.now_ms_() - this.typed_at_ms_ < typing_again_ms) return
    if (this.link_.cast({ op: 'typing', on: true })) this.typed_at_ms_ = this.now_ms_()
  }

  stopTyping(): void {
    if (this.typed_at_ms_ === 0) return
    this.typed_at_ms_ = 0
    this.link_.cast({ op: 'typing', on: false })
  }

  /** The visitor went to another page, or looks at another thing. */
  moved(): void {
    this.link_.cast({ op: 'page', ...wirePage(this.options_.page()) })
  }

  /** The host page says, signed, who this is. */
  identify(identity: string): void {
    if (identity === this.identity_) return
    this.identity_ = identity
    // Host pages say it on every page; somebody who is known by it already need not be loaded anew.
    if (this.welcome?.me.verified && subjectOf(identity) === this.keep.get('subject')) return
    this.ask({ op: 'identify', identity })
  }

  /** Forget this person on this browser. */
  logout(): void {
    this.identity_ = undefined
    this.ask({ op: 'rotate' })
  }

  localeChanged(): void {
    this.link_.restart(false)
  }

  private put(cid: string, text: string, attachments: Attachment[]): void {
    const ids = attachments.map((attachment) => attachment.id)
    this.link_.command({ op: 'say', cid, text, ...(ids.length && { attachments: ids }) }, this.now_ms_(), lane)
  }

  // Everything a person does goes down one lane, so that it happens in the order it was done.
  private ask(frame: { op: string; [member: string]: unknown }): void {
    this.link_.command({ ...frame, cid: newCid() }, this.now_ms_(), lane)
  }

  private hear(notice: Notice): void {
    switch (notice.type) {
      case 'state':
        this.state = notice.state
        if (notice.state !== 'live') this.typing = undefined
        break
      case 'welcome':
        this.greet(notice.welcome as VisitorWelcome, notice.fresh)
        break
      case 'event':
        this.event(notice.event)
        break
      case 'live':
        this.live(notice.live)
        break
      case 'ok':
        this.done(notice.command, notice.ok as Record<string, unknown> & { seq?: number })
        break
      case 'refused':
        this.refused(notice.command, notice.err.detail ?? notice.err.code)
        break
      case 'waiting':
        this.timeline.mark(notice.command.cid, 'waiting', { detail: notice.err.detail })
        break
      case 'expired':
        for (const name of ['token', 'read', 'subject']) this.keep.set(name, undefined)
        break
    }
    this.changed()
  }

  private greet(welcome: VisitorWelcome, fresh: boolean): void {
    if (welcome.token) this.keep.set('token', welcome.token)
    this.welcome = welcome
    this.clock_ahead_ms_ = welcome.server_time / 1000 - this.now_ms_()
    if (welcome.queue !== undefined) this.queue = welcome.queue
    if (welcome.inbox.online !== undefined) this.agents_online = welcome.inbox.online
    if (!fresh) return
    this.conversation = welcome.conversation
    this.lines = []
    this.timeline.replace(welcome.entries, welcome.more)
    for (const entry of welcome.entries) if (entry.cid) this.keep.dropMessage(entry.cid)
  }

  private event(event: EventFrame): void {
    const entry = event.entry as PublicEntry | undefined
    if (entry) {
      const isNew = entry.seq > this.timeline.newest_seq
      this.timeline.apply(entry)
      if (entry.cid) this.keep.dropMessage(entry.cid)
      if (isNew && isTheirs(entry)) {
        this.typing = undefined
        this.options_.on_happened('reply')
      }
    }
    if (event.conversation) this.turn(event.conversation as VisitorConversation)
    if (event.what === 'read' && this.conversation) {
      const seq = Number(event['seq'] ?? 0)
      this.conversation = { ...this.conversation, agent_read_seq: Math.max(seq, this.conversation.agent_read_seq ?? 0) }
    }
  }

  /** The conversation changed: who is with us, and whether it goes on. */
  private turn(next: VisitorConversation): void {
    const before = this.conversation?.id === next.id ? this.conversation : null
    // The state comes whole, so what is absent is unset; only the read mark never goes back.
    const agent_read_seq = Math.max(next.agent_read_seq ?? 0, before?.agent_read_seq ?? 0)
    this.conversation = { ...next, agent_read_seq }
    const was = before?.agent?.name
    const is = next.agent?.name
    if (is && is !== was) this.line('joined', is)
    if (was && !is && next.status !== 'resolved') this.line('left', was)
    if (is || next.status === 'resolved') this.queue = null
  }

  private line(what: Line['what'], name: string): void {
    this.lines = [...this.lines, { key: newCid(), what, name, after_seq: this.timeline.newest_seq }]
  }

  private live(live: LiveFrame): void {
    if (live.what === 'typing') {
      clearTimeout(this.typing_timer_)
      this.typing = live['on'] ? ((live['who'] as { name?: string } | undefined)?.name ?? '') : undefined
      this.typing_timer_ = setTimeout(() => {
        this.typing = undefined
        this.changed()
      }, typing_shown_ms)
    }
    if (live.what === 'queue') this.queue = { place: (live['place'] as number | null) ?? null, wait_ms: live['wait_ms'] as number | null }
    if (live.what === 'agents') this.agents_online = Boolean(live['online'])
  }

  private done(command: CommandFrame, ok: Record<string, unknown> & { seq?: number }): void {
    switch (command.op) {
      case 'say':
        this.timeline.mark(command.cid, 'sent', { seq: ok.seq })
        return this.keep.dropMessage(command.cid)
      case 'more':
        this.loading_more = false
        return this.older(Number(command['before']), (ok['entries'] ?? []) as PublicEntry[], Boolean(ok['more']))
      case 'identify':
        if (typeof ok['token'] === 'string') this.keep.set('token', ok['token'])
        this.keep.set('subject', subjectOf(String(command['identity'])))
        this.options_.on_happened('identified')
        return this.link_.restart(true)
      case 'rotate':
        this.keep.clear()
        this.timeline.replace([], false)
        this.conversation = null
        return this.link_.restart(true)
    }
  }

  /** A page of entries; one that was asked for again says nothing about what is older than all we hold. */
  private older(before: number, entries: PublicEntry[], more: boolean): void {
    const known = before > (this.timeline.oldest_seq ?? before)
    this.timeline.prepend(entries, known ? this.timeline.more : more)
  }

  private refused(command: CommandFrame, detail: string): void {
    switch (command.op) {
      case 'say': {
        this.timeline.mark(command.cid, 'refused', { detail })
        const draft = this.timeline.drafts().find((one) => one.cid === command.cid)
        if (draft) this.keep.keepMessage({ ...draft, refused: detail })
        return
      }
      case 'more':
        this.loading_more = false
        return
      case 'identify':
        this.identity_ = undefined
        return this.options_.on_happened('identity_refused')
      case 'leave_message':
        this.left_message = false
        return
    }
  }

  private changed(): void {
    this.options_.on_change()
  }
}

/** Written by the other side, for us to read. */
export function isTheirs(entry: PublicEntry): boolean {
  return (entry.author.kind === 'agent' || entry.author.kind === 'bot') && entry.kind === 'message'
}
