// One conversation as a list, from snapshots, pages and events, with what we have written ourselves on top.
// Applying anything twice is harmless; entries stand in the order of their seq, whatever order they came in.
import type { Attachment, Instant, PublicEntry } from './shapes.ts'

/** Written here and not yet seen as an entry. */
export interface Draft {
  cid: string
  text: string
  attachments: Attachment[]
  /** Our clock, microseconds. */
  written: Instant
  state: 'sending' | 'waiting' | 'sent' | 'refused'
  /** Where it was committed, once acknowledged. */
  seq?: number
  /** Why it was refused or has to wait. */
  detail?: string
}

export class Timeline<E extends PublicEntry = PublicEntry> {
  private readonly by_seq_ = new Map<number, E>()
  private readonly seq_of_ = new Map<string, number>()
  private readonly drafts_ = new Map<string, Draft>()
  private sorted_: E[] | undefined
  private more_ = false

  /** Oldest first. */
  entries(): E[] {
    this.sorted_ ??= [...this.by_seq_.values()].sort((a, b) => a.seq - b.seq)
    return this.sorted_
  }

  /** Ours without an entry yet, in the order they were written. */
  drafts(): Draft[] {
    return [...this.drafts_.values()]
  }

  /** Older entries exist on the server. */
  get more(): boolean {
    return this.more_
  }

  get oldest_seq(): number | undefined {
    return this.entries()[0]?.seq
  }

  get newest_seq(): number {
    return this.entries().at(-1)?.seq ?? 0
  }

  /** Forget what is held; drafts stay, except those the snapshot already contains. */
  replace(entries: E[], more: boolean): void {
    this.by_seq_.clear()
    this.seq_of_.clear()
    this.more_ = more
    this.merge(entries)
    // Acknowledged means committed, so whatever the snapshot leaves out is older than its window.
    for (const draft of this.drafts_.values()) if (draft.state === 'sent') this.drafts_.delete(draft.cid)
  }

  /** A page of older entries. */
  prepend(entries: E[], more: boolean): void {
    this.more_ = more
    this.merge(entries)
  }

  /** A new or changed entry; an older revision than the one held changes nothing. */
  apply(entry: E): void {
    this.merge([entry])
  }

  /** Shows something at once, before anybody has answered. The same cid twice changes nothing. */
  write(cid: string, text: string, attachments: Attachment[], written: Instant): void {
    if (!this.drafts_.has(cid)) this.drafts_.set(cid, { cid, text, attachments, written, state: 'sending' })
  }

  /** The answer to a draft. Its entry may have come before. */
  mark(cid: string, state: Draft['state'], more: { seq?: number; detail?: string } = {}): void {
    const draft = this.drafts_.get(cid)
    if (draft) this.drafts_.set(cid, { ...draft, ...more, state })
  }

  discard(cid: string): Draft | undefined {
    const draft = this.drafts_.get(cid)
    this.drafts_.delete(cid)
    return draft
  }

  private merge(entries: E[]): void {
    this.sorted_ = undefined
    for (const entry of entries) {
      const held = this.by_seq_.get(entry.seq)
      if (held && (held.revision ?? 0) > (entry.revision ?? 0)) continue
      const former = this.seq_of_.get(entry.id)
      if (former !== undefined && former !== entry.seq) this.by_seq_.delete(former)
      this.by_seq_.set(entry.seq, entry)
      this.seq_of_.set(entry.id, entry.seq)
      if (entry.cid) this.drafts_.delete(entry.cid)
    }
  }
}
