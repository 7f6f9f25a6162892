// Every conversation that this tab knows, as the server last said it, with what we have asked for and what
// has not been confirmed yet laid over it. Events carry whole states, so the newer position simply wins.
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { Conversation } from '@/api/shapes'
import { isBefore } from './position'

export type Change = Partial<Pick<Conversation, 'status' | 'priority' | 'stage' | 'stage_by_hand' | 'assignee' | 'team' | 'tags' | 'snoozed_until' | 'unread' | 'agent_read_seq' | 'failed'>>

/** A change, or what makes one of the state that it is laid upon. */
export type Overlaid = Change | ((now: Conversation) => Change)

export const changed = (change: Overlaid, now: Conversation): Change => (typeof change === 'function' ? change(now) : change)

interface Overlay {
  cid: string
  change: Overlaid
  /** Position of our own commit, once the server has answered. */
  at?: string
}

const linger_ms = 400

type Listener = (now: Conversation | null, before: Conversation | null) => void

export const useConversations = defineStore('conversations', () => {
  const held = shallowReactive(new Map<string, Conversation>())
  const overlays = shallowReactive(new Map<string, Overlay[]>())
  const listeners = new Set<Listener>()

  /** As it is shown: the server's word with our unconfirmed changes (but the one named) on top. */
  function shown(id: string, without = ''): Conversation | undefined {
    const base = held.get(id)
    const over = overlays.get(id)
    if (!base || !over?.length) return base
    return over.filter((each) => each.cid !== without).reduce((now, each) => ({ ...now, ...changed(each.change, now) }), base)
  }

  function tell(id: string, before: Conversation | null) {
    for (const listener of listeners) listener(shown(id) ?? null, before)
  }

  /** Takes a state from an event or an answer; an older one than the one held changes nothing. */
  function put(next: Conversation) {
    const now = held.get(next.id)
    if (now && isBefore(next.at, now.at)) return
    const before = shown(next.id) ?? null
    held.set(next.id, Object.freeze(next))
    settle(next.id, next.at)
    tell(next.id, before)
  }

  /** A customer has been named or known better: every conversation shows it. */
  function about(customer: Conversation['customer']) {
    for (const each of [...held.values()]) {
      if (each.customer.id !== customer.id) continue
      const { id, name, tier, verified, locale, anonymous } = customer
      const before = shown(each.id) ?? null
      held.set(each.id, Object.freeze({ ...each, customer: { ...each.customer, id, name, tier, verified, locale, anonymous } }))
      tell(each.id, before)
    }
  }

  // An overlay goes when a state arrives that contains its commit, so nothing flickers back in between.
  function settle(id: string, at: string) {
    const over = overlays.get(id)
    if (!over) return
    const left = over.filter((each) => each.at === undefined || isBefore(at, each.at))
    if (left.length) overlays.set(id, left)
    else overlays.delete(id)
  }

  function remove(id: string) {
    const before = shown(id) ?? null
    if (!held.delete(id)) return
    overlays.delete(id)
    tell(id, before)
  }

  /** Shows a change at once. */
  function lay(id: string, cid: string, change: Overlaid) {
    const before = shown(id) ?? null
    overlays.set(id, [...(overlays.get(id) ?? []), { cid, change }])
    tell(id, before)
  }

  /** Our change was committed at `at`: it stays until the event that contains it, or a moment longer. */
  function confirm(id: string, cid: string, at: string | undefined) {
    const base = held.get(id)
    if (at && base && !isBefore(base.at, at)) return lift(id, cid)
    // The answer may name a later position than the event, or none; the event itself is here within a frame.
    setTimeout(() => lift(id, cid), linger_ms)
    overlays.set(id, (overlays.get(id) ?? []).map((each) => (each.cid === cid ? { ...each, at } : each)))
  }

  /** Our change was refused, or is contained in what the server says: take the overlay away. */
  function lift(id: string, cid: string) {
    const over = overlays.get(id)
    if (!over?.some((each) => each.cid === cid)) return
    const before = shown(id) ?? null
    const left = over.filter((each) => each.cid !== cid)
    if (left.length) overlays.set(id, left)
    else overlays.delete(id)
    tell(id, before)
  }

  /** After a snapshot: nothing held may be older than it. */
  function clear() {
    held.clear()
  }

  function listen(listener: Listener) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return { held, overlays, shown, put, about, remove, lay, confirm, lift, clear, listen }
})
