import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PublicEntry } from '@parley/protocol'
import { Session } from '../src/panel/session.ts'
import { TestSocket } from './support/socket.ts'

let happened: string[] = []
let changes = 0

function session(): Session {
  const made = new Session({
    inbox: 'web', url: '/ws/chat', locale: () => 'en', page: () => ({ url: 'https://shop/a', title: 'A', product_name: 'not on the wire' }),
    on_change: () => (changes += 1), on_happened: (name) => happened.push(name),
  })
  made.start()
  return made
}

function entry(seq: number, author: 'agent' | 'customer', text: string, more: Partial<PublicEntry> = {}): PublicEntry {
  return { id: `e${seq}`, seq, kind: 'message', author: { kind: author, name: 'Ana' }, text, happened: seq, ...more }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', TestSocket)
  TestSocket.all = []
  localStorage.clear()
  happened = []
  changes = 0
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a visitor', () => {
  it('greets with what is known, and keeps the token', () => {
    session()
    TestSocket.last.welcome()
    expect(TestSocket.last.sent[0]).toMatchObject({ op: 'hello', inbox: 'web', locale: 'en', page: { url: 'https://shop/a', title: 'A' } })
    expect(TestSocket.last.sent[0]!['page']).not.toHaveProperty('product_name')
    session()
    TestSocket.last.open()
    expect(TestSocket.last.sent[0]).toMatchObject({ token: 'tok' })
  })

  it('sees words at once, and once', () => {
    const chat = session()
    TestSocket.last.welcome()
    chat.say('hi', [])
    const cid = TestSocket.last.ops('say')[0]!['cid'] as string
    expect(chat.timeline.drafts()).toMatchObject([{ cid, state: 'sending' }])
    TestSocket.last.receive({ op: 'ok', cid, seq: 1 })
    expect(chat.timeline.drafts()).toMatchObject([{ cid, state: 'sent' }])
    TestSocket.last.receive({ op: 'event', after: '0', at: '1', what: 'entry_added', entry: entry(1, 'customer', 'hi', { cid }) })
    expect(chat.timeline.drafts()).toEqual([])
    expect(chat.timeline.entries().map((one) => one.text)).toEqual(['hi'])
    expect(happened).toEqual(['sent'])
  })

  it('finds unsent words again after a reload, and they keep their cid', () => {
    const before = session()
    before.say('one', [])
    before.say('two', [{ id: '7', name: 'a.png', media_type: 'image/png', size: 3 }])
    const cids = before.timeline.drafts().map((draft) => draft.cid)
    const after = session()
    expect(after.timeline.drafts().map((draft) => draft.text)).toEqual(['one', 'two'])
    TestSocket.last.welcome()
    TestSocket.last.receive({ op: 'ok', cid: cids[0], seq: 1 })
    expect(TestSocket.last.ops('say')).toMatchObject([{ cid: cids[0], text: 'one' }, { cid: cids[1], attachments: ['7'] }])
    TestSocket.last.receive({ op: 'ok', cid: cids[1], seq: 2 })
    expect(session().timeline.drafts()).toEqual([])
  })

  it('asks for entries again before the addresses of their files end', () => {
    const chat = session()
    const address = (ends_ms: number) => `/w/attachments/7?expires=${ends_ms * 1000}&for=1&sign=x`
    const picture = (ends_ms: number) => ({ attachments: [{ id: '7', name: 'a.png', media_type: 'image/png', size: 3, url: address(ends_ms) }] })
    const server_ms = Date.now() + 3_600_000 // its clock is an hour ahead
    const first = server_ms + 300_000
    TestSocket.last.welcome({ server_time: server_ms * 1000, entries: [entry(1, 'agent', 'see', picture(first)), entry(2, 'agent', 'ok')], more: true })
    const pass = (seconds: number) => {
      for (let passed = 0; passed < seconds; passed += 5) {
        vi.advanceTimersByTime(5_000)
        TestSocket.last.receive({ op: 'pong' })
      }
    }
    pass(150)
    expect(TestSocket.last.ops('more')).toEqual([])
    pass(90)
    const asked = TestSocket.last.ops('more')
    expect(asked).toMatchObject([{ before: 2 }])
    TestSocket.last.receive({ op: 'history', cid: asked[0]!['cid'], entries: [entry(1, 'agent', 'see', picture(first + 300_000))], more: false })
    expect(chat.timeline.entries()[0]!.attachments![0]!.url).toBe(address(first + 300_000))
    expect(chat.timeline.more).toBe(true)
    pass(60)
    expect(TestSocket.last.ops('more')).toHaveLength(1)
  })

  it('keeps a refused message with its reason, over a reload too, until it is sent anew or discarded', () => {
    const chat = session()
    TestSocket.last.welcome()
    chat.say('too much', [])
    const cid = TestSocket.last.ops('say')[0]!['cid'] as string
    TestSocket.last.receive({ op: 'err', cid, code: 'too_large', detail: 'Write less.', retryable: false })
    const again = session()
    TestSocket.last.welcome()
    expect(again.timeline.drafts()).toMatchObject([{ cid, state: 'refused', detail: 'Write less.' }])
    expect(TestSocket.last.ops('say')).toEqual([])
    again.retry(cid)
    const resent = TestSocket.last.ops('say')
    expect(resent).toHaveLength(1)
    expect(resent[0]!['cid']).not.toBe(cid)
    again.discard(resent[0]!['cid'] as string)
    expect(session().timeline.drafts()).toEqual([])
  })

  it('drops records in its storage that cannot be read', () => {
    localStorage.setItem('parley:web:out:x', '{')
    expect(session().timeline.drafts()).toEqual([])
    expect(localStorage.getItem('parley:web:out:x')).toBeNull()
  })

  it('counts what it has not read, and says what it has', () => {
    const chat = session()
    TestSocket.last.welcome({ entries: [entry(1, 'customer', 'q'), entry(2, 'agent', 'a'), entry(3, 'agent', 'b')] })
    expect(chat.unread).toBe(2)
    chat.look()
    chat.look()
    expect(chat.unread).toBe(0)
    expect(TestSocket.last.ops('read')).toEqual([{ op: 'read', seq: 3 }])
    TestSocket.last.receive({ op: 'event', after: '0', at: '1', what: 'entry_added', entry: entry(4, 'agent', 'c') })
    expect(chat.unread).toBe(1)
    expect(happened).toContain('reply')
  })

  it('tells who comes, who leaves, and the end', () => {
    const chat = session()
    TestSocket.last.welcome({ conversation: { id: '1', status: 'open', seq: 1 }, queue: { place: 2, wait_ms: 1000 } })
    const states: [string, object][] = [['1', { agent: { name: 'Ana' } }], ['2', {}], ['3', { agent: { name: 'Bo' } }], ['4', { agent: { name: 'Bo' }, status: 'resolved' }]]
    for (const [at, change] of states) {
      TestSocket.last.receive({ op: 'event', after: String(Number(at) - 1), at, what: 'conversation_changed', conversation: { id: '1', status: 'open', seq: 1, ...change } })
    }
    expect(chat.lines.map((line) => [line.what, line.name])).toEqual([['joined', 'Ana'], ['left', 'Ana'], ['joined', 'Bo']])
    expect([chat.queue, chat.ended, chat.agent]).toEqual([null, true, undefined])
  })

  it('does not take a read mark back', () => {
    const chat = session()
    TestSocket.last.welcome({ conversation: { id: '1', status: 'open', seq: 3, agent_read_seq: 2 }, entries: [entry(1, 'customer', 'q')] })
    TestSocket.last.receive({ op: 'event', after: '0', at: '1', what: 'read', seq: 3 })
    TestSocket.last.receive({ op: 'event', after: '1', at: '2', what: 'conversation_changed', conversation: { id: '1', status: 'open', seq: 4, agent_read_seq: 0 } })
    expect(chat.conversation?.agent_read_seq).toBe(3)
    TestSocket.last.receive({ op: 'event', after: '2', at: '3', what: 'conversation_changed', conversation: { id: '2', status: 'open', seq: 1, agent_read_seq: 0 } })
    expect(chat.conversation?.agent_read_seq).toBe(0)
  })

  it('types at most every three seconds, and the other side\'s typing ends by itself', () => {
    const chat = session()
    TestSocket.last.welcome()
    for (let i = 0; i < 5; i++) chat.type()
    expect(TestSocket.last.ops('typing')).toEqual([{ op: 'typing', on: true }])
    vi.advanceTimersByTime(3_000)
    chat.type()
    chat.stopTyping()
    chat.stopTyping()
    expect(TestSocket.last.ops('typing').map((frame) => frame['on'])).toEqual([true, true, false])
    TestSocket.last.receive({ op: 'live', what: 'typing', who: { name: 'Ana' }, on: true })
    expect(chat.typing).toBe('Ana')
    vi.advanceTimersByTime(10_000)
    expect(chat.typing).toBeUndefined()
  })

  it('says who it is once a person, and takes the history that comes with it', () => {
    const jwt = `h.${btoa(JSON.stringify({ sub: 'c-9' }))}.s`
    const chat = session()
    TestSocket.last.welcome()
    chat.identify(jwt)
    const { cid } = TestSocket.last.ops('identify')[0] as { cid: string }
    TestSocket.last.receive({ op: 'ok', cid, token: 'other' })
    vi.advanceTimersByTime(0)
    TestSocket.last.welcome({ token: undefined, entries: [entry(1, 'agent', 'before')] })
    expect(TestSocket.last.sent[0]).toMatchObject({ op: 'hello', token: 'other', identity: jwt })
    expect(TestSocket.last.sent[0]).not.toHaveProperty('at')
    expect(chat.timeline.entries().map((one) => one.text)).toEqual(['before'])
    const next = session()
    TestSocket.last.welcome({ me: { verified: true } })
    next.identify(jwt)
    expect(TestSocket.last.ops('identify')).toEqual([])
    const stranger = session()
    TestSocket.last.welcome({ me: { verified: false } })
    stranger.identify(jwt)
    expect(TestSocket.last.ops('identify')).toHaveLength(1)
  })

  it('leaves nothing behind after logging out', () => {
    const chat = session()
    TestSocket.last.welcome({ entries: [entry(1, 'agent', 'secret')], conversation: { id: '1', status: 'open', seq: 1 } })
    chat.look()
    chat.logout()
    TestSocket.last.receive({ op: 'ok', cid: TestSocket.last.ops('rotate')[0]!['cid'] })
    expect(Object.keys(localStorage)).toEqual([])
    expect(chat.timeline.entries()).toEqual([])
    vi.advanceTimersByTime(0)
    TestSocket.last.open()
    expect(TestSocket.last.sent[0]).not.toHaveProperty('token')
  })

  it('comes back as somebody new when its token has ended', () => {
    session()
    TestSocket.last.welcome()
    TestSocket.last.drop(4003)
    vi.advanceTimersByTime(0)
    TestSocket.last.open()
    expect(TestSocket.all).toHaveLength(2)
    expect(TestSocket.last.sent[0]).not.toHaveProperty('token')
  })

  it('takes a new token where its own is not known, and loses no words by it', () => {
    session()
    TestSocket.last.welcome()
    const chat = session()
    chat.say('typed before', [])
    TestSocket.last.welcome({ token: 'new' })
    expect(TestSocket.last.sent[0]).toMatchObject({ op: 'hello', token: 'tok' })
    expect(TestSocket.last.ops('say')).toMatchObject([{ text: 'typed before' }])
    expect(chat.token).toBe('new')
  })

  it('fetches older entries once at a time', () => {
    const chat = session()
    TestSocket.last.welcome({ entries: [entry(51, 'agent', 'new')], more: true })
    chat.earlier()
    chat.earlier()
    const asked = TestSocket.last.ops('more')
    expect(asked).toMatchObject([{ before: 51 }])
    TestSocket.last.receive({ op: 'history', cid: asked[0]!['cid'], entries: [entry(50, 'customer', 'old')], more: false })
    expect(chat.timeline.entries().map((one) => one.text)).toEqual(['old', 'new'])
    expect(chat.timeline.more).toBe(false)
    chat.earlier()
    expect(TestSocket.last.ops('more')).toHaveLength(1)
  })

  it('works where a browser allows no storage', () => {
    const refuse = () => {
      throw new DOMException('denied', 'SecurityError')
    }
    vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, removeItem: refuse, key: refuse, get length(): number { return refuse() } })
    const chat = session()
    TestSocket.last.welcome()
    chat.say('hi', [])
    expect(chat.token).toBe('tok')
    expect(TestSocket.last.ops('say')).toHaveLength(1)
  })
})
