import { beforeEach, describe, expect, it, vi } from 'vitest'
import { assign, markUnread, setPriority, setStatus, setTag } from '@/commands/actions'
import { useSteps } from '@/commands/steps'
import { keptUnread } from '@/realtime/open'
import { useConversations } from '@/stores/conversations'
import { useDesk } from '@/stores/desk'
import { Refusal, useLink } from '@/stores/link'
import { useOutbox } from '@/stores/outbox'
import { useScreen } from '@/stores/screen'
import { useTimelines } from '@/stores/timelines'
import { aConversation, anEntry, freshStores } from './helpers'

type Code = Refusal['frame']['code']
interface Asked { op: string; members: Record<string, unknown>; ok: () => Promise<void>; refuse: (code: Code) => Promise<void> }

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0))
const shown = (id = '70') => useConversations().shown(id)
const refusal = (code: Code) => new Refusal({ op: 'err', cid: 'x', code })

/** A server that answers when it is told to. */
function slowServer(): Asked[] {
  const asked: Asked[] = []
  vi.spyOn(useLink(), 'ask').mockImplementation((op, members) => new Promise((resolve, reject) => {
    asked.push({
      op, members,
      ok: () => (resolve({ op: 'ok', cid: 'x', at: '101' }), settled()),
      refuse: (code) => (reject(refusal(code)), settled()),
    })
  }))
  return asked
}
const said = (asked: Asked[]) => asked.map(({ op, members }) => `${op} ${String(members.conversation)} ${String(members.status ?? members.priority ?? members.agent ?? members.tag ?? '')}`)

describe('undo', () => {
  let asked: Asked[]
  beforeEach(() => {
    freshStores()
    useConversations().put(aConversation())
    useConversations().put(aConversation({ id: '71', customer: { ...aConversation().customer, name: 'Kofi' } }))
    asked = slowServer()
  })

  it('asked for before the server has answered waits for the answer and takes back just that', async () => {
    void setStatus(shown()!, 'resolved')
    await settled()
    void useSteps().undo()
    await settled()
    expect(shown()?.status).toBe('open')
    expect(said(asked)).toEqual(['status 70 resolved'])
    await asked[0]!.ok()
    expect(said(asked)).toEqual(['status 70 resolved', 'status 70 open'])
    await asked[1]!.ok()
    expect(useScreen().toast?.text).toBe('Undone: 林晓雨 is resolved')
    expect(shown()?.status).toBe('open')
  })

  it('takes several steps back, the newest first, wherever they were done and whichever is answered first', async () => {
    void setStatus(shown()!, 'resolved')
    void setPriority(shown()!, 'high')
    void setStatus(shown('71')!, 'pending')
    await settled()
    for (let press = 0; press < 3; press += 1) void useSteps().undo()
    await settled()
    expect(said(asked)).toEqual(['status 70 resolved', 'status 71 pending'])
    await asked[1]!.ok()
    expect(said(asked).slice(2)).toEqual(['status 71 open'])
    await asked[0]!.ok()
    expect(said(asked).slice(3)).toEqual(['priority 70 high'])
    await asked[3]!.ok()
    // Steps of one conversation are asked for in order, also those that take others back.
    expect(said(asked).slice(4)).toEqual(['priority 70 none'])
    await asked[4]!.ok()
    expect(said(asked).slice(5)).toEqual(['status 70 open'])
    await asked[5]!.ok()
    await useSteps().undo()
    expect(useScreen().toast?.text).toBe('Nothing to undo')
  })

  it('of a step that is refused asks for nothing and says so', async () => {
    void setStatus(shown()!, 'resolved')
    await settled()
    void useSteps().undo()
    await asked[0]!.refuse('forbidden')
    expect(said(asked)).toEqual(['status 70 resolved'])
    expect(useScreen().toast?.text).toBe('Not done, so there is nothing to undo. You may not do this.')
    expect(shown()?.status).toBe('open')
  })

  it('goes back to what was really there when the step before was refused', async () => {
    void setStatus(shown()!, 'resolved')
    void setStatus(shown()!, 'pending')
    await settled()
    await asked[0]!.refuse('forbidden')
    await asked[1]!.ok()
    void useSteps().undo()
    await settled()
    expect(said(asked)).toEqual(['status 70 resolved', 'status 70 pending', 'status 70 open'])
  })

  it('takes one tag back and leaves the others as they are', async () => {
    void setTag(shown()!, '1', true)
    void setTag(shown()!, '2', true)
    await settled()
    await asked[0]!.refuse('forbidden')
    expect(shown()?.tags).toEqual(['2'])
    await asked[1]!.ok()
    void useSteps().undo()
    await settled()
    expect(said(asked)).toEqual(['tag 70 1', 'tag 70 2', 'untag 70 2'])
  })

  it('leaves alone what a colleague has changed meanwhile', async () => {
    void assign(shown()!, { id: '5', name: 'Ben' })
    await settled()
    await asked[0]!.ok()
    useConversations().put(aConversation({ at: '102', assignee: { id: '6', name: 'Cleo' } }))
    void useSteps().undo()
    await settled()
    expect(said(asked)).toEqual(['assign 70 5'])
    expect(useScreen().toast?.text).toMatch(/^Not undone/u)
    expect(shown()?.assignee?.name).toBe('Cleo')
  })

  it('is offered beside the newest step alone', async () => {
    void setStatus(shown()!, 'resolved')
    void setStatus(shown('71')!, 'resolved')
    await settled()
    await asked[1]!.ok()
    expect(useScreen().toast?.text).toBe('Kofi is resolved')
    await asked[0]!.ok()
    expect(useScreen().toast?.text).toBe('Kofi is resolved')
    useScreen().undo()
    await settled()
    expect(said(asked).at(-1)).toBe('status 71 open')
  })

  it('forgets after half a minute', async () => {
    void setStatus(shown()!, 'resolved')
    await settled()
    await asked[0]!.ok()
    const later = Date.now() + 31_000
    vi.spyOn(Date, 'now').mockReturnValue(later)
    await useSteps().undo()
    expect(said(asked)).toHaveLength(1)
    vi.restoreAllMocks()
  })
})

describe('marking as unread', () => {
  let asked: Asked[]
  const sent: unknown[] = []
  beforeEach(() => {
    freshStores()
    asked = slowServer()
    sent.length = 0
    useConversations().put(aConversation())
    vi.stubGlobal('fetch', async (path: string, ask: RequestInit) => {
      if (ask.method !== 'POST') return new Response(JSON.stringify({ items: [2, 3, 5].map((seq) => anEntry({ id: String(900 + seq), seq })), next: null }))
      sent.push([path, JSON.parse(String(ask.body))])
      return new Response(JSON.stringify(aConversation({ at: '110', unread: 2, agent_read_seq: 2 })))
    })
  })

  it('counts from the message that was named, stays so on screen, and is taken back', async () => {
    await useTimelines().open('12')
    const cast = vi.spyOn(useLink(), 'cast')
    const done = markUnread(shown()!, 3)
    expect(shown()?.unread).toBe(2)
    await done
    expect(sent).toEqual([['/api/v1/conversations/70/unread', { from: 3 }]])
    expect(keptUnread.value).toBe('70')
    expect(shown()?.unread).toBe(2)
    await useSteps().undo()
    expect(cast).toHaveBeenCalledWith('read', { conversation: '70', seq: 5 })
    expect(keptUnread.value).toBeNull()
    expect(shown()?.unread).toBe(0)
    expect(asked).toEqual([])
  })

  it('takes the newest message, and says when there is none', async () => {
    await markUnread(shown()!)
    expect(sent).toEqual([])
    expect(useScreen().toast?.text).toMatch(/has not written/u)
    await useTimelines().open('12')
    await markUnread(shown()!)
    expect(sent).toEqual([['/api/v1/conversations/70/unread', { from: 5 }]])
  })
})

describe('resolving right after a reply', () => {
  it('does not happen when the reply is refused', async () => {
    freshStores()
    useConversations().put(aConversation())
    const asked = slowServer()
    useOutbox().write({ conversation: '70', mode: 'reply', text: 'Hello', attachments: [], mentions: [], base: 5, force: false }, aConversation())
    void setStatus(shown()!, 'resolved')
    await settled()
    expect(asked.map((each) => each.op)).toEqual(['reply'])
    await asked[0]!.refuse('stale_reply')
    expect(asked.map((each) => each.op)).toEqual(['reply'])
    expect(shown()?.status).toBe('open')
    expect(useScreen().toast?.text).toMatch(/reply has not gone out/u)
  })
})

describe('the desk', () => {
  let asked: Asked[]
  beforeEach(() => {
    freshStores()
    asked = slowServer()
  })

  it('shows the presence that was chosen last, and after a refusal the one that the server has', async () => {
    const desk = useDesk()
    desk.tellPresence('available')
    void desk.setPresence('busy')
    desk.setPresence('away').catch(() => undefined)
    desk.tellPresence('busy')
    expect(desk.presence).toBe('away')
    await asked[0]!.ok()
    expect(desk.presence).toBe('away')
    await asked[1]!.refuse('forbidden')
    expect(desk.presence).toBe('busy')
  })

  it('takes a hasty second press for the offer that has just been answered', async () => {
    const desk = useDesk()
    const offer = (request: string) => ({ request, conversation: aConversation(), first_words: '', why: {}, expires: 0, expires_in_ms: 20_000, offered: 0 }) as unknown as Parameters<typeof desk.put>[0]
    desk.put(offer('1'))
    desk.put(offer('2'))
    void desk.answer(desk.offer!.request, 'accept')
    expect(desk.offer?.request).toBe('2')
    expect(desk.answerable()).toBe(false)
    expect(asked).toHaveLength(1)
    const later = Date.now() + 1000
    vi.spyOn(Date, 'now').mockReturnValue(later)
    expect(desk.answerable()).toBe(true)
    vi.restoreAllMocks()
  })
})
