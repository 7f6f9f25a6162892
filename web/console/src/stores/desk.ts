// The agent's own desk: presence, load, offers on the table, and what is fleeting (who types, who looks).
import type { AgentWelcome, LiveFrame } from '@parley/protocol'
import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import type { Offer, Presence } from '@/api/shapes'
import { useLink } from './link'

export interface Viewer { id: string; name: string; composing?: 'reply' | 'note' | null }

const typing_ms = 10_000
const viewing_ms = 25_000
const double_press_ms = 400

export const useDesk = defineStore('desk', () => {
  const link = useLink()
  const presence = ref<Presence>('offline')
  const load = ref<{ used: number; units: number }>({ used: 0, units: 0 })
  const offers = shallowRef<(Offer & { gone?: boolean })[]>([])
  const typing = shallowReactive(new Map<string, { text: string; until: number }>())
  const viewing = shallowReactive(new Map<string, { agents: Viewer[]; until: number }>())
  let answered_ms = 0
  let changing = 0
  let known: Presence = 'offline'
  const timers = new Map<string, ReturnType<typeof setTimeout>>()

  const offer = computed(() => offers.value[0] ?? null)

  function welcome(frame: AgentWelcome) {
    tellPresence(frame.presence)
    if (frame.load) load.value = frame.load
    offers.value = []
    for (const each of frame.offers) put(each as unknown as Offer)
  }

  /** Expiry is counted from now by the server's own duration, so a wrong clock here cannot shorten it. */
  function put(next: Offer) {
    const expires = next.expires_in_ms > 0 ? Date.now() * 1000 + next.expires_in_ms * 1000 : next.expires - link.offset_us
    offers.value = [...offers.value.filter((each) => each.request !== next.request), { ...next, expires }]
  }

  function gone(request: string) {
    offers.value = offers.value.filter((each) => each.request !== request)
  }

  /** A second press right after an answer was meant for the card that has gone. */
  const answerable = () => Date.now() - answered_ms >= double_press_ms

  async function answer(request: string, op: 'accept' | 'decline') {
    answered_ms = Date.now()
    const now = offers.value.find((each) => each.request === request)
    gone(request)
    try {
      await link.ask(op, { request })
      return now ?? null
    } catch (thrown) {
      // Expired or withdrawn meanwhile: the card is gone either way, the caller says why.
      gone(request)
      throw thrown
    }
  }

  /** Shown at once; what the server knows comes back when the last of several changes is answered. */
  async function setPresence(next: Presence) {
    if (!changing) known = presence.value
    changing += 1
    presence.value = next
    try {
      await link.ask('presence', { presence: next }, 'presence')
      known = next
    } finally {
      changing -= 1
      if (!changing) presence.value = known
    }
  }

  /** The server's word on our presence; while a change of ours is under way it is not shown yet. */
  function tellPresence(now: Presence) {
    known = now
    if (!changing) presence.value = now
  }

  function expireLater(key: string, after_ms: number, gone: () => void) {
    clearTimeout(timers.get(key))
    timers.set(key, setTimeout(() => {
      timers.delete(key)
      gone()
    }, after_ms))
  }

  function live(frame: LiveFrame) {
    const where = String(frame.conversation ?? '')
    if (frame.what === 'typing') {
      if (frame.on) {
        typing.set(where, { text: String(frame.text ?? ''), until: Date.now() + typing_ms })
        expireLater(`t${where}`, typing_ms, () => typing.delete(where))
      } else typing.delete(where)
    } else if (frame.what === 'viewing') {
      const agents = (frame.agents as Viewer[] | undefined) ?? []
      if (agents.length) {
        viewing.set(where, { agents, until: Date.now() + viewing_ms })
        expireLater(`v${where}`, viewing_ms, () => viewing.delete(where))
      } else viewing.delete(where)
    } else if (frame.what === 'load') {
      load.value = { used: Number(frame.used ?? 0), units: Number(frame.units ?? 0) }
    }
  }

  return { presence, load, offers, offer, typing, viewing, welcome, put, gone, answerable, answer, setPresence, tellPresence, live }
})
