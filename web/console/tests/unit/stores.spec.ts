import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { EventFrame } from '@parley/protocol'
import type { Conversation, Entry } from '@/api/shapes'
import { apply } from '@/realtime/apply'
import { useConversations } from '@/stores/conversations'
import { useInbox } from '@/stores/inbox'
import { usePreferences } from '@/stores/preferences'
import { merged, useTimelines } from '@/stores/timelines'
import { belongs, comparing } from '@/stores/views'
import { aConversation, anEntry, freshStores, me, minute, noon } from './helpers'

function answering(answers: Record<string, unknown>) {
  vi.stubGlobal('fetch', async (path: string) => {
    const name = Object.keys(answers).find((each) => path.startsWith(`/api/v1${each}`))
    return new Response(JSON.stringify(name ? answers[name] : { items: [], next: null }), { status: 200 })
  })
}

const event = (what: string, members: Record<string, unknown>, at = '200'): EventFrame => ({ op: 'event', after: '199', at, what, ...members })

describe('conversations', () => {
  beforeEach(freshStores)

  it('keep the newer state, whichever comes first', () => {
    const store = useConversations()
    store.put(aConversation({ at: '101', seq: 6 }))
    store.put(aConversation({ at: '99', seq: 5 }))
    expect(store.shown('70')?.seq).toBe(6)
    store.put(aConversation({ at: '1000', seq: 7 }))
    expect(store.shown('70')?.seq).toBe(7)
  })

  it('show a change at once and take it back when it is refused', () => {
    const store = useConversations()
    store.put(aConversation())
    store.lay('70', 'c1', { status: 'resolved' })
    expect(store.shown('70')?.status).toBe('resolved')
    store.lift('70', 'c1')
    expect(store.shown('70')?.status).toBe('open')
  })

  it('hold a confirmed change until the event that contains it, without a flicker', () => {
    const store = useConversations()
    store.put(aConversation())
    store.lay('70', 'c1', { status: 'resolved' })
    store.confirm('70', 'c1', '120')
    store.put(aConversation({ at: '110', seq: 6 }))
    expect(store.shown('70')?.status).toBe('resolved')
    store.put(aConversation({ at: '120', status: 'resolved' }))
    expect(store.overlays.has('70')).toBe(false)
    expect(store.shown('70')?.status).toBe('resolved')
  })
})

describe('a customer who gets a name', () => {
  it('has it in every conversation at once', () => {
    freshStores()
    const store = useConversations()
    store.put(aConversation())
    store.put(aConversation({ id: '71' }))
    apply(event('customer_changed', { customer: { ...aConversation().customer, name: 'Mira', at: '200', identities: [], tags: [] } }))
    expect(['70', '71'].map((id) => store.shown(id)?.customer.name)).toEqual(['Mira', 'Mira'])
  })
})

describe('a confirmed change whose event stands at an earlier position than its answer', () => {
  it('does not hide what comes later', () => {
    vi.useFakeTimers()
    freshStores()
    const store = useConversations()
    store.put(aConversation())
    store.lay('70', 'c1', { status: 'resolved' })
    store.put(aConversation({ at: '119', status: 'resolved' }))
    store.confirm('70', 'c1', '120')
    vi.advanceTimersByTime(1000)
    store.put(aConversation({ at: '119', status: 'open' }))
    expect(store.shown('70')?.status).toBe('open')
    vi.useRealTimers()
  })
})

describe('the inbox', () => {
  beforeEach(() => {
    freshStores()
    usePreferences().set('sort', 'activity')
  })

  const three = ['1', '2', '3'].map((id, index) => aConversation({ id, at: '100', last_activity: noon - index * minute }))

  async function loaded() {
    answering({ '/conversations/counts': { mine: 3 }, '/conversations': { items: three, next: null } })
    const inbox = useInbox()
    await inbox.load()
    return inbox
  }

  it('moves a conversation with news to the top', async () => {
    const inbox = await loaded()
    useConversations().put(aConversation({ id: '3', at: '150', last_activity: noon + minute }))
    expect(inbox.list.shown).toEqual(['3', '1', '2'])
  })

  it('moves nothing while the pointer is on the list, counts what is new, and moves it on leaving', async () => {
    const inbox = await loaded()
    inbox.hold('pointer')
    useConversations().put(aConversation({ id: '3', at: '150', last_activity: noon + minute }))
    useConversations().put(aConversation({ id: '9', at: '151', last_activity: noon + 2 * minute }))
    expect(inbox.list.shown).toEqual(['1', '2', '3'])
    expect(inbox.waiting).toBe(1)
    inbox.release('pointer')
    expect(inbox.list.shown).toEqual(['9', '3', '1', '2'])
  })

  it('lets go of what no longer belongs', async () => {
    const inbox = await loaded()
    useConversations().put({ ...three[0]!, at: '160', status: 'resolved' })
    expect(inbox.list.shown).toEqual(['2', '3'])
    useConversations().lay('2', 'c', { assignee: null })
    expect(inbox.list.shown).toEqual(['3'])
    useConversations().lift('2', 'c')
    expect(inbox.list.shown).toEqual(['2', '3'])
  })

  it('leaves to a later page what stands behind the last loaded row', async () => {
    answering({ '/conversations/counts': {}, '/conversations': { items: three, next: 'more' } })
    const inbox = useInbox()
    await inbox.load()
    useConversations().put(aConversation({ id: '9', at: '151', last_activity: noon - 60 * minute }))
    expect(inbox.list.shown).toEqual(['1', '2', '3'])
  })

  it('shows a further page although the order is held', async () => {
    answering({ '/conversations/counts': {}, '/conversations': { items: three.slice(0, 2), next: 'more' } })
    const inbox = useInbox()
    await inbox.load()
    inbox.hold('scroll')
    answering({ '/conversations/counts': {}, '/conversations': { items: three.slice(2), next: null } })
    await inbox.load(true)
    expect(inbox.list.shown).toEqual(['1', '2', '3'])
    expect(inbox.waiting).toBe(0)
  })

  it('asks again for a view whose members only the server knows', async () => {
    vi.useFakeTimers()
    answering({ '/conversations/counts': { mentions: 0 }, '/conversations': { items: [], next: null } })
    const inbox = useInbox()
    inbox.show('mentions')
    await vi.advanceTimersByTimeAsync(10)
    expect(inbox.list.shown).toEqual([])
    answering({ '/conversations/counts': { mentions: 1 }, '/conversations': { items: [three[0]], next: null } })
    apply(event('entry_added', { conversation: { ...three[0]!, at: '300' }, entry: anEntry({ kind: 'note' }) }))
    await vi.advanceTimersByTimeAsync(2000)
    expect(inbox.list.shown).toEqual(['1'])
    expect(inbox.counts.mentions).toBe(1)
    vi.useRealTimers()
  })

  it('state and events make the same lists as a fresh load, over many random changes', async () => {
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return seed % below
    }
    const truth = new Map(three.map((each) => [each.id, each]))
    const inbox = await loaded()
    for (let at = 200; at < 500; at += 1) {
      const id = String(1 + random(8))
      const before = truth.get(id) ?? aConversation({ id })
      const next: Conversation = {
        ...before, at: String(at), status: (['open', 'pending', 'snoozed', 'resolved'] as const)[random(4)]!,
        assignee: [{ id: '4', name: 'Ana' }, { id: '5', name: 'Ben' }, null][random(3)], last_activity: noon + random(1000) * minute,
      }
      truth.set(id, next)
      apply(event('conversation_changed', { conversation: next }, String(at)))
    }
    const fresh = [...truth.values()].filter((each) => belongs('mine', each, me)).sort(comparing('activity')).map((each) => each.id)
    expect(inbox.list.shown).toEqual(fresh)
  })
})

describe('timelines', () => {
  beforeEach(freshStores)

  it('stand in the order of what happened, with every entry once and the newest revision', () => {
    const first = anEntry({ id: '9', happened: noon })
    const second = anEntry({ id: '10', happened: noon })
    const early = anEntry({ id: '11', happened: noon - minute })
    const revised = { ...first, revision: 1, text: 'better' }
    expect(merged([first, second], [early, revised, first]).map((each) => each.text + each.id)).toEqual(['hello11', 'better9', 'hello10'])
  })

  it('keep what arrives while the first page is on its way', async () => {
    let send: (answer: Response) => void = () => undefined
    vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => (send = resolve)))
    const timelines = useTimelines()
    const opening = timelines.open('12')
    const late = anEntry({ id: '901', seq: 2, happened: noon + minute })
    apply(event('entry_added', { entry: late, conversation: aConversation() }))
    send(new Response(JSON.stringify({ items: [anEntry()], next: null })))
    await opening
    expect(timelines.of('12').entries.map((each: Entry) => each.id)).toEqual(['900', '901'])
  })
})
