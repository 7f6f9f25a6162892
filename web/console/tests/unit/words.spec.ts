import { describe, expect, it } from 'vitest'
import { marksOf } from '@/search/marks'
import { asked, mentionedIn } from '@/composer/mentions'
import { presets } from '@/conversation/snooze'
import { counted, firstUnread, thread } from '@/conversation/thread'
import { money, span } from '@/i18n/format'
import { initials, langOf, pigment } from '@/ui/names'
import { timing } from '@/ui/timer'
import { aConversation, anEntry, minute, noon } from './helpers'

describe('timers', () => {
  const waiting = { waiting_since: noon, first_response_due: noon + 20 * minute }
  const at = (minutes: number, part = {}) => timing(aConversation({ ...waiting, ...part }), noon + minutes * minute)

  it('are calm above a quarter of the time, amber below, red when it is over', () => {
    expect(at(5)).toMatchObject({ tone: '', text: '15:00', left: 0.75 })
    expect(at(16)).toMatchObject({ tone: 'warn', text: '4:00' })
    expect(at(23)).toMatchObject({ tone: 'breach', text: 'over 3:00', left: 0 })
  })

  it('rest when nobody waits, and say until when they are put off', () => {
    expect(at(5, { waiting_since: null })).toBeNull()
    expect(at(5, { waiting_since: null, status: 'pending' })).toMatchObject({ tone: 'paused' })
    expect(at(5, { status: 'snoozed', snoozed_until: noon + 60 * minute })?.left).toBeNull()
    expect(at(5, { status: 'resolved' })).toBeNull()
  })

  it('write short times finely and long ones coarsely', () => {
    expect([span(48_000), span(3_599_000), span(4_800_000), span(200_000_000)]).toEqual(['0:48', '59:59', '1 h 20 m', '2 d'])
  })
})

describe('names', () => {
  it('give initials by grapheme', () => {
    expect(['Ana Flores', '王建国', 'نورة الحربي', '👩‍🍳 Mar', 'ØB', '  '].map(initials)).toEqual(['AF', '王', 'ن', '👩‍🍳', 'Ø', '?'])
  })
  it('keep one pigment for one id', () => {
    expect(pigment('12')).toBe(pigment('12'))
    expect(new Set(Array.from({ length: 60 }, (_, id) => pigment(String(id)))).size).toBe(8)
  })
  it('tell Chinese from Japanese and leave the rest to the browser', () => {
    expect([langOf('发货'), langOf('発送しました'), langOf('sent')]).toEqual(['zh', 'ja', undefined])
  })
})

describe('money', () => {
  it('is written in the currency', () => {
    expect([money(160_800, 'CNY'), money(12_345, 'EUR'), money(500, 'JPY')]).toEqual(['¥1,608', '€123.45', '¥500'])
  })
})

describe('the thread', () => {
  const wanted = { pending: [], filter: 'all' as const, newFrom: null, stage: 'pre_sale' as const }

  it('puts the words of one person together and parts them by time, channel and person', () => {
    const entries = [
      anEntry({ id: '1' }), anEntry({ id: '2', happened: noon + minute }), anEntry({ id: '3', happened: noon + 10 * minute }),
      anEntry({ id: '4', happened: noon + 10 * minute + 1, channel: 'email' }), anEntry({ id: '5', happened: noon + 10 * minute + 2, author: { kind: 'agent', id: '4', name: 'Ana' } }),
    ]
    const words = thread({ ...wanted, entries }).filter((item) => item.type === 'words')
    expect(words.map((item) => item.type === 'words' && item.entries.map((each) => each.id).join())).toEqual(['1,2', '3', '4', '5'])
  })

  it('marks days, the new, and the turn of the stage', () => {
    const entries = [
      anEntry({ id: '1', happened: noon - 3 * 24 * 60 * minute }), anEntry({ id: '2' }),
      anEntry({ id: '3', kind: 'order', stage: 'in_sale', happened: noon + minute, author: { kind: 'system', name: '' } }),
    ]
    const items = thread({ ...wanted, entries, newFrom: '2' })
    expect(items.map((item) => item.type)).toEqual(['day', 'words', 'day', 'new', 'words', 'entry'])
    expect(items.at(-1)).toMatchObject({ turned: true, stage: 'in_sale' })
  })

  it('shows words on their way after everything, and never beside their own entry', () => {
    const pending = { cid: 'c9', agent: '4', conversation: '70', customer: '12', mode: 'reply' as const, text: 'x', attachments: [], mentions: [], base: 1, force: false, written: noon, state: 'sending' as const }
    expect(thread({ ...wanted, entries: [anEntry()], pending: [pending] }).at(-1)?.type).toBe('pending')
    expect(thread({ ...wanted, entries: [anEntry({ cid: 'c9' })], pending: [pending] }).some((item) => item.type === 'pending')).toBe(false)
  })

  it('filters and counts by kind', () => {
    const entries = [anEntry({ id: '1' }), anEntry({ id: '2', kind: 'note', author: { kind: 'agent', id: '5', name: 'Ben' } })]
    expect(counted(entries)).toMatchObject({ all: 2, messages: 1, notes: 1, orders: 0 })
    expect(thread({ ...wanted, entries, filter: 'notes' }).map((item) => item.type)).toEqual(['day', 'entry'])
  })

  it('finds the first unread word of the customer in this conversation', () => {
    const entries = [anEntry({ id: '1', seq: 4 }), anEntry({ id: '2', seq: 5, author: { kind: 'agent', id: '4', name: 'Ana' } }), anEntry({ id: '3', seq: 6 }), anEntry({ id: '4', seq: 9, conversation: '71' })]
    expect(firstUnread(entries, '70', 4)).toBe('3')
    expect(firstUnread(entries, '70', 6)).toBeNull()
  })
})

describe('small parts', () => {
  it('marks what was searched, also inside Chinese, and joins overlaps', () => {
    expect(marksOf('什么时候发货', '发货')).toEqual([[4, 6]])
    expect(marksOf('banana', 'ana nan')).toEqual([[1, 6]])
  })

  it('offers moments that lie ahead and differ', () => {
    const sunday = new Date(2026, 10, 22, 10)
    const evening = new Date(2026, 10, 18, 20)
    expect(presets(sunday).map((each) => each.id)).toEqual(['hour', 'evening', 'tomorrow', 'week'])
    expect(presets(evening).map((each) => each.id)).toEqual(['hour', 'tomorrow', 'monday', 'week'])
    for (const each of presets(evening)) expect(each.at.getTime()).toBeGreaterThan(evening.getTime())
  })

  it('finds who is being named and who was', () => {
    expect(asked('ask @An', 7)).toEqual({ from: 4, word: 'An' })
    expect(asked('mail me@x', 9)).toBeNull()
    const agents = [{ id: '5', name: 'Ben Kessler' }, { id: '7', name: '周敏' }] as never[]
    expect(mentionedIn('@周敏 please look', agents)).toEqual(['7'])
  })
})
