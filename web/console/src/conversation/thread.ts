// From entries to what stands on the page: days, the line of the stage, groups of words by one person,
// the mark where the new begins. A pure function, so that the same entries always give the same page.
import type { Entry, EntryKind, Stage } from '@/api/shapes'
import type { Pending } from '@/stores/outbox'
import { dayKey } from '@/i18n/format'

export type Filter = 'all' | 'messages' | 'notes' | 'orders' | 'calls' | 'system'

export type Item =
  | { type: 'day'; key: string; at: number; stage: Stage; first: boolean }
  | { type: 'new'; key: string; at: number; stage: Stage }
  | { type: 'words'; key: string; entries: Entry[]; ours: boolean; stage: Stage; opens: boolean }
  | { type: 'entry'; key: string; entry: Entry; stage: Stage; turned: boolean }
  | { type: 'pending'; key: string; pending: Pending; stage: Stage }

const groups: Record<EntryKind, Filter> = {
  message: 'messages', form: 'messages', note: 'notes', order: 'orders', call: 'calls', event: 'system', visit: 'system', survey: 'system', system: 'system',
}

export function filterOf(kind: EntryKind): Filter {
  return groups[kind] ?? 'system'
}

export function counted(entries: readonly Entry[]): Record<Filter, number> {
  const sums: Record<Filter, number> = { all: entries.length, messages: 0, notes: 0, orders: 0, calls: 0, system: 0 }
  for (const entry of entries) sums[filterOf(entry.kind)] += 1
  return sums
}

const together_us = 3 * 60 * 1_000_000

// Words of one person on one channel within three minutes stand under one name.
function follows(entry: Entry, before: Entry): boolean {
  return (
    entry.kind === 'message' && before.kind === 'message' &&
    entry.author.kind === before.author.kind && entry.author.id === before.author.id &&
    entry.channel === before.channel && entry.conversation === before.conversation && entry.stage === before.stage &&
    entry.happened - before.happened < together_us && entry.delivery === before.delivery
  )
}

export interface Wanted {
  entries: readonly Entry[]
  pending: readonly Pending[]
  filter: Filter
  /** Id of the first entry that was not read when the conversation was opened. */
  newFrom: string | null
  /** Stage of the conversation on screen, for what is still on its way. */
  stage: Stage
}

export function thread({ entries, pending, filter, newFrom, stage }: Wanted): Item[] {
  const items: Item[] = []
  let day = ''
  let marked = false
  let channel = ''
  let stageBefore: Stage | null = null
  for (const entry of entries) {
    if (filter !== 'all' && filterOf(entry.kind) !== filter) continue
    const today = dayKey(entry.happened)
    let broken = false
    if (today !== day) {
      items.push({ type: 'day', key: `d${today}`, at: entry.happened, stage: entry.stage, first: items.length === 0 })
      day = today
      broken = true
    }
    if (!marked && newFrom === entry.id) {
      items.push({ type: 'new', key: 'new', at: entry.happened, stage: entry.stage })
      marked = true
      broken = true
    }
    const last = items.at(-1)
    if (entry.kind === 'message') {
      const before = last?.type === 'words' ? last.entries.at(-1) : undefined
      if (!broken && last?.type === 'words' && before && follows(entry, before)) last.entries.push(entry)
      else {
        const ours = entry.author.kind !== 'customer'
        items.push({ type: 'words', key: entry.id, entries: [entry], ours, stage: entry.stage, opens: entry.channel !== channel })
        channel = entry.channel
      }
    } else {
      items.push({ type: 'entry', key: entry.id, entry, stage: entry.stage, turned: stageBefore !== null && stageBefore !== entry.stage })
    }
    stageBefore = entry.stage
  }
  for (const each of pending) {
    if (filter !== 'all' && filter !== (each.mode === 'note' ? 'notes' : 'messages')) continue
    // An entry with this client id may already be here; then the copy is not shown twice.
    if (entries.some((entry) => entry.cid === each.cid)) continue
    items.push({ type: 'pending', key: each.cid, pending: each, stage })
  }
  return items
}

/** The first customer entry of a conversation behind the read mark, or null. */
export function firstUnread(entries: readonly Entry[], conversation: string, readSeq: number): string | null {
  const found = entries.find((entry) => entry.conversation === conversation && entry.seq > readSeq && entry.author.kind === 'customer' && entry.kind === 'message')
  return found?.id ?? null
}
