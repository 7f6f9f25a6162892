import { beforeEach, describe, expect, it, vi } from 'vitest'
import { apply } from '@/realtime/apply'
import { useConversations } from '@/stores/conversations'
import { useDrafts } from '@/stores/drafts'
import { Refusal, useLink } from '@/stores/link'
import { useOutbox } from '@/stores/outbox'
import { aConversation, anEntry, freshStores } from './helpers'

const words = { conversation: '70', mode: 'reply' as const, text: 'Hello', attachments: [], mentions: [], base: 5, force: false }
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('the outbox', () => {
  beforeEach(() => {
    freshStores()
    useConversations().put(aConversation())
  })

  it('shows words at once and lets them go when the entry with their client id comes', async () => {
    vi.spyOn(useLink(), 'ask').mockResolvedValue({ op: 'ok', cid: 'x', at: '201', seq: 6 })
    const outbox = useOutbox()
    const cid = outbox.write(words, aConversation())
    expect(outbox.of('12').map((each) => each.state)).toEqual(['sending'])
    await settled()
    expect(outbox.of('12').map((each) => each.state)).toEqual(['sent'])
    apply({ op: 'event', after: '200', at: '201', what: 'entry_added', entry: anEntry({ id: '950', seq: 6, cid }) as never })
    expect(outbox.of('12')).toEqual([])
  })

  it('sends the position that the agent had seen', async () => {
    const ask = vi.spyOn(useLink(), 'ask').mockResolvedValue({ op: 'ok', cid: 'x' })
    useOutbox().write(words, aConversation())
    await settled()
    expect(ask.mock.calls[0]?.[1]).toMatchObject({ conversation: '70', text: 'Hello', base: 5 })
  })

  it('holds words back when a colleague was first, and forces them only when told, under a new id', async () => {
    const missed = anEntry({ id: '951', seq: 6, author: { kind: 'agent', id: '5', name: 'Ben' }, text: 'Done' })
    const ask = vi.spyOn(useLink(), 'ask').mockRejectedValueOnce(new Refusal({ op: 'err', cid: 'x', code: 'stale_reply', entries: [missed] })).mockResolvedValue({ op: 'ok', cid: 'y' })
    const outbox = useOutbox()
    const cid = outbox.write(words, aConversation())
    await settled()
    expect(outbox.staleIn('70')?.missed?.map((each) => each.text)).toEqual(['Done'])
    outbox.retry(cid, true)
    await settled()
    expect(ask.mock.calls[1]?.[1]).toMatchObject({ force: true })
    expect(ask.mock.calls[1]?.[3]).not.toBe(cid)
    expect(outbox.staleIn('70')).toBeUndefined()
  })

  it('keeps what was refused, with the reason', async () => {
    vi.spyOn(useLink(), 'ask').mockRejectedValue(new Refusal({ op: 'err', cid: 'x', code: 'too_large', detail: 'At most 20000 characters.' }))
    const outbox = useOutbox()
    outbox.write(words, aConversation())
    await settled()
    expect(outbox.of('12')[0]).toMatchObject({ state: 'failed', code: 'too_large', text: 'Hello' })
  })
})

describe('drafts', () => {
  beforeEach(() => {
    freshStores()
    vi.useFakeTimers()
  })

  it('are here at once, and on the server half a second after the last key', async () => {
    const ask = vi.spyOn(useLink(), 'ask').mockResolvedValue({ op: 'ok', cid: 'x', saved: 5 })
    const drafts = useDrafts()
    drafts.write('70', 'reply', 'He', [], 5)
    drafts.write('70', 'reply', 'Hello', [], 5)
    expect(drafts.of('70', 'reply')).toMatchObject({ text: 'Hello', saved: 0 })
    await vi.advanceTimersByTimeAsync(600)
    expect(ask.mock.calls.map((each) => each[1].text)).toEqual(['Hello'])
    expect(drafts.of('70', 'reply')?.saved).toBe(5)
    vi.useRealTimers()
  })

  it('cannot come back after they were sent, however slow the server is', async () => {
    const done: ((value: { op: 'ok'; cid: string }) => void)[] = []
    const ask = vi.spyOn(useLink(), 'ask').mockImplementation(() => new Promise((resolve) => done.push(resolve)))
    const drafts = useDrafts()
    drafts.write('70', 'reply', 'Hello', [], 5)
    await vi.advanceTimersByTimeAsync(600)
    drafts.remove('70', 'reply')
    await vi.advanceTimersByTimeAsync(600)
    // The delete waits for the write before it.
    expect(ask.mock.calls.map((each) => each[1].text)).toEqual(['Hello'])
    done[0]?.({ op: 'ok', cid: 'x' })
    await vi.advanceTimersByTimeAsync(10)
    expect(ask.mock.calls.map((each) => each[1].text)).toEqual(['Hello', ''])
    expect(drafts.of('70', 'reply')).toBeUndefined()
    vi.useRealTimers()
  })

  it('of our own that the server has not seen win over what it still has', () => {
    vi.spyOn(useLink(), 'ask').mockResolvedValue({ op: 'ok', cid: 'x' })
    const drafts = useDrafts()
    drafts.write('70', 'note', 'newer', [], 5)
    drafts.adopt({ conversation: '70', mode: 'note', text: 'older', attachments: [], saved: 1 })
    expect(drafts.of('70', 'note')?.text).toBe('newer')
    vi.useRealTimers()
  })
})
