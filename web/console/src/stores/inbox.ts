// The views of the inbox: which conversations stand in which list, in which order, and how many there are.
// What a list should show is always known; what it shows waits while the pointer is on it.
import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import { asProblem, http, type Problem } from '@/api/http'
import type { Conversation, Counts, Page, View } from '@/api/shapes'
import { useConversations } from './conversations'
import { usePreferences } from './preferences'
import { useSession } from './session'
import { belongs, comparing, viewable, type Sort } from './views'

export interface List {
  /** The order as it should be. */
  target: string[]
  /** The order on screen. */
  shown: string[]
  next: string | null
  state: 'idle' | 'loading' | 'ready' | 'failed'
  problem: Problem | null
  more: boolean
}

const page = 50
const recount_ms = 1500

const empty = (): List => ({ target: [], shown: [], next: null, state: 'idle', problem: null, more: false })

export const useInbox = defineStore('inbox', () => {
  const conversations = useConversations()
  const session = useSession()
  const view = ref<View>('mine')
  const preferences = usePreferences()
  const sort = computed(() => preferences.kept.sort)
  const filter = ref<{ inbox?: string; tag?: string; stage?: string }>({})
  const lists = shallowReactive(new Map<string, List>())
  const counts = shallowRef<Partial<Counts>>({})
  const holds = new Set<string>()
  const generation = ref(0)

  const keyOf = (name: View) => [name, sort.value, filter.value.inbox, filter.value.tag, filter.value.stage].join('/')
  const key = computed(() => keyOf(view.value))
  const list = computed(() => lists.get(key.value) ?? empty())
  /** How many have come or moved up since the list was held still. */
  const waiting = computed(() => {
    const there = new Set(list.value.shown)
    return list.value.target.filter((id) => !there.has(id)).length
  })

  function change(name: string, part: Partial<List>) {
    const next = { ...(lists.get(name) ?? empty()), ...part }
    // Rows never move under the pointer; a list that is still empty has nothing that could move.
    if (holds.size === 0 || next.shown.length === 0) next.shown = next.target
    lists.set(name, next)
  }

  async function load(more = false) {
    const name = key.value
    const now = lists.get(name) ?? empty()
    if (now.state === 'loading' || now.more || (more && !now.next)) return
    const born = generation.value
    change(name, more ? { more: true } : { state: now.target.length ? now.state : 'loading', problem: null })
    try {
      const answer = await http.get<Page<Conversation>>('/conversations', {
        view: view.value, sort: sort.value, limit: page, cursor: more ? now.next : null, ...filter.value,
      })
      if (born !== generation.value) return
      take(name, answer, more)
    } catch (thrown) {
      if (born === generation.value) change(name, { state: now.target.length ? 'ready' : 'failed', problem: asProblem(thrown), more: false })
    }
  }

  function take(name: string, answer: Page<Conversation>, more: boolean) {
    for (const each of answer.items) conversations.put(each)
    const ids = answer.items.map((each) => each.id)
    const before = more ? (lists.get(name)?.target ?? []) : []
    const known = new Set(before)
    const fresh = ids.filter((id) => !known.has(id))
    const target = [...before, ...fresh]
    // A further page stands behind everything: it moves nothing and may be shown while the list is held.
    const held = more ? { shown: [...(lists.get(name)?.shown ?? []), ...fresh] } : {}
    change(name, { ...held, target, next: answer.next ?? null, state: 'ready', problem: null, more: false })
  }

  /** Keeps every loaded list true after a conversation has changed. */
  function placed(now: Conversation | null, before: Conversation | null) {
    const id = now?.id ?? before?.id
    const me = session.me
    if (!id || !me) return
    for (const [name, held] of lists) {
      const [listed = 'mine', order = 'activity', inbox, tag, stage] = name.split('/')
      const within = now !== null && (!inbox || now.inbox === inbox) && (!tag || now.tags.includes(tag)) && (!stage || now.stage === stage)
      const there = held.target.includes(id)
      const belongsHere = viewable(listed as View) ? within && belongs(listed as View, now, me) : within && there
      if (!there && !belongsHere) continue
      change(name, { target: arranged(held, now, id, belongsHere, order as Sort) })
    }
    recountSoon()
  }

  function arranged(held: List, now: Conversation | null, id: string, belongsHere: boolean, order: Sort) {
    const others = held.target.filter((each) => each !== id)
    if (!belongsHere || !now) return others
    const compare = comparing(order)
    const at = others.findIndex((each) => {
      const other = conversations.shown(each)
      return other !== undefined && compare(now, other) < 0
    })
    if (at >= 0) return [...others.slice(0, at), id, ...others.slice(at)]
    // Behind the last loaded row of an unfinished list: a later page brings it.
    return held.next && !held.target.includes(id) ? others : [...others, id]
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  function recountSoon() {
    timer ??= setTimeout(() => {
      timer = undefined
      void recount()
      // Who is mentioned or has a draft is known to the server alone.
      if (!viewable(view.value) && list.value.state === 'ready') void load()
    }, recount_ms)
  }

  async function recount() {
    const answer = await http.get<Counts>('/conversations/counts').catch(() => null)
    if (answer) counts.value = answer
  }

  /** Holds the order still for a reason (pointer, selection); the last release lets it move. */
  function hold(reason: string) {
    holds.add(reason)
  }

  function release(reason: string) {
    holds.delete(reason)
    if (holds.size) return
    for (const [name, held] of lists) if (held.shown !== held.target) lists.set(name, { ...held, shown: held.target })
  }

  function show(next: View) {
    view.value = next
    holds.clear()
    const now = lists.get(key.value)
    if (now && now.shown !== now.target) lists.set(key.value, { ...now, shown: now.target })
    if (!now || now.state === 'idle' || now.state === 'failed' || !viewable(next)) void load()
  }

  /** After a snapshot: what is on screen stays until the fresh list is there. */
  async function reload() {
    generation.value += 1
    const name = key.value
    for (const other of [...lists.keys()]) if (other !== name) lists.delete(other)
    const born = generation.value
    const [answer, totals] = await Promise.all([
      http.get<Page<Conversation>>('/conversations', { view: view.value, sort: sort.value, limit: page, ...filter.value }),
      http.get<Counts>('/conversations/counts'),
    ])
    if (born !== generation.value) return
    counts.value = totals
    take(name, answer, false)
  }

  conversations.listen(placed)

  return { view, sort, filter, key, list, lists, counts, waiting, load, show, hold, release, reload, recount, recountSoon }
})
