// The customers whose cards are open, kept fresh by events.
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { asProblem, http, type Problem } from '@/api/http'
import type { Conversation, Customer, Order, Page } from '@/api/shapes'
import { useConversations } from './conversations'
import { isBefore } from './position'

export interface Card<T> { data: T | null; state: 'loading' | 'ready' | 'failed'; problem: Problem | null; taken: number }

const slow_ms = 3000

export const useCustomers = defineStore('customers', () => {
  const conversations = useConversations()
  const cards = shallowReactive(new Map<string, Card<Customer>>())
  const orders = shallowReactive(new Map<string, Card<Order[]>>())
  const earlier = shallowReactive(new Map<string, Card<Conversation[]>>())

  // A slow shop must never keep the chat waiting: after three seconds the card says so, with what it had.
  async function fill<T>(shelf: Map<string, Card<T>>, id: string, read: (signal: AbortSignal) => Promise<T>) {
    const before = shelf.get(id)
    shelf.set(id, { data: before?.data ?? null, state: 'loading', problem: null, taken: before?.taken ?? 0 })
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(), slow_ms)
    try {
      shelf.set(id, { data: await read(stop.signal), state: 'ready', problem: null, taken: Date.now() * 1000 })
    } catch (thrown) {
      shelf.set(id, { data: before?.data ?? null, state: 'failed', problem: asProblem(thrown), taken: before?.taken ?? 0 })
    } finally {
      clearTimeout(timer)
    }
  }

  const loadCard = (id: string) => fill(cards, id, (signal) => http.get<Customer>(`/customers/${id}`, {}, signal))
  const loadOrders = (id: string) =>
    fill(orders, id, async (signal) => (await http.get<Page<Order>>(`/customers/${id}/orders`, { limit: 20 }, signal)).items)
  const loadEarlier = (id: string) =>
    fill(earlier, id, async (signal) => (await http.get<Page<Conversation>>(`/customers/${id}/conversations`, { limit: 10 }, signal)).items)

  function open(id: string) {
    if (!cards.has(id)) void loadCard(id)
    if (!orders.has(id)) void loadOrders(id)
    void loadEarlier(id)
  }

  function put(next: Customer) {
    const now = cards.get(next.id)
    if (now?.data && isBefore(next.at, now.data.at)) return
    conversations.about(next)
    if (!now?.data) return
    // Events bring the customer without its orders.
    const whole = { ...next, orders: next.orders ?? now.data.orders }
    cards.set(next.id, { data: whole, state: 'ready', problem: null, taken: Date.now() * 1000 })
  }

  function putOrder(next: Order) {
    const now = orders.get(next.customer)
    if (!now?.data) return
    const others = now.data.filter((each) => each.id !== next.id)
    const known = others.length < now.data.length
    const data = known ? now.data.map((each) => (each.id === next.id ? next : each)) : [next, ...others]
    orders.set(next.customer, { ...now, data })
    // Money has moved: what the customer is worth has changed with it.
    void loadCard(next.customer)
  }

  function reload(id: string | null) {
    for (const shelf of [cards, orders, earlier]) for (const key of [...shelf.keys()]) if (key !== id) shelf.delete(key)
    if (id) {
      void loadCard(id)
      void loadOrders(id)
      void loadEarlier(id)
    }
  }

  return { cards, orders, earlier, open, loadCard, loadOrders, loadEarlier, put, putOrder, reload }
})
