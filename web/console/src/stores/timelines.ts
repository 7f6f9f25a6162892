// A customer's whole history, all conversations and channels in one order: by when it happened, then by id.
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { asProblem, http, type Problem } from '@/api/http'
import type { Entry, Page } from '@/api/shapes'
import { compareNumbers } from './position'

export interface Timeline {
  /** Oldest first. */
  entries: readonly Entry[]
  /** Where older entries continue; null when the first one is here. */
  before: string | null
  state: 'idle' | 'loading' | 'ready' | 'failed'
  older: 'idle' | 'loading' | 'failed'
  problem: Problem | null
}

const page = 100
const kept = 12

const nothing: Timeline = { entries: [], before: null, state: 'idle', older: 'idle', problem: null }

export function inOrder(a: Entry, b: Entry): number {
  return a.happened - b.happened || compareNumbers(a.id, b.id)
}

/** Adds or replaces entries; an older revision never replaces a newer one. */
export function merged(held: readonly Entry[], more: readonly Entry[]): readonly Entry[] {
  const byId = new Map(held.map((each) => [each.id, each]))
  for (const entry of more) {
    const now = byId.get(entry.id)
    if (now && now.revision > entry.revision) continue
    byId.set(entry.id, entry)
  }
  return [...byId.values()].sort(inOrder)
}

export const useTimelines = defineStore('timelines', () => {
  const held = shallowReactive(new Map<string, Timeline>())
  /** Entries that arrived by event while a page was on its way. */
  const arrived = new Map<string, Entry[]>()
  let generation = 0

  const of = (customer: string): Timeline => held.get(customer) ?? nothing

  function set(customer: string, part: Partial<Timeline>) {
    held.set(customer, { ...of(customer), ...part })
  }

  function forgetOldest() {
    while (held.size > kept) {
      const oldest = held.keys().next().value
      if (oldest === undefined) return
      held.delete(oldest)
    }
  }

  /** Loads the newest page unless it is here already. */
  async function open(customer: string, again = false) {
    const now = held.get(customer)
    if (now && !again && now.state !== 'failed' && now.state !== 'idle') {
      // Looked at again: it is the last to be forgotten.
      held.delete(customer)
      held.set(customer, now)
      return
    }
    const born = generation
    set(customer, { state: now?.entries.length ? 'ready' : 'loading', problem: null })
    arrived.set(customer, [])
    try {
      const answer = await http.get<Page<Entry>>(`/customers/${customer}/timeline`, { limit: page })
      if (born !== generation && !again) return
      const fresh = merged(answer.items, arrived.get(customer) ?? [])
      set(customer, { entries: fresh, before: answer.next ?? null, state: 'ready', problem: null })
      forgetOldest()
    } catch (thrown) {
      set(customer, { state: now?.entries.length ? 'ready' : 'failed', problem: asProblem(thrown) })
      if (again) throw thrown
    } finally {
      arrived.delete(customer)
    }
  }

  /** One page of older entries. */
  async function older(customer: string) {
    const now = of(customer)
    if (!now.before || now.older === 'loading') return
    const born = generation
    set(customer, { older: 'loading' })
    try {
      const answer = await http.get<Page<Entry>>(`/customers/${customer}/timeline`, { before: now.before, limit: page })
      if (born !== generation) return
      set(customer, { entries: merged(answer.items, of(customer).entries), before: answer.next ?? null, older: 'idle' })
    } catch {
      if (born === generation) set(customer, { older: 'failed' })
    }
  }

  /** An entry from an event; only histories that are open are kept. */
  function put(entry: Entry) {
    arrived.get(entry.customer)?.push(entry)
    const now = held.get(entry.customer)
    if (!now || now.state !== 'ready') return
    held.set(entry.customer, { ...now, entries: merged(now.entries, [entry]) })
  }

  /** After a snapshot: everything but the one on screen goes, that one is loaded anew. */
  async function reload(open_customer: string | null) {
    generation += 1
    for (const customer of [...held.keys()]) if (customer !== open_customer) held.delete(customer)
    if (open_customer) await open(open_customer, true)
  }

  return { held, of, open, older, put, reload }
})
