import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Command, Context } from '@/commands/command'
import { fit, pinyinInitials } from '@/commands/find'
import { isComposing, pressName } from '@/commands/keys'
import { match, useShortcuts } from '@/commands/listen'
import { command, commands, keysOf } from '@/commands/registry'
import { usePreferences } from '@/stores/preferences'
import { aConversation, freshStores } from './helpers'

const reserved = ['mod+t', 'mod+w', 'mod+n', 'mod+l', 'mod+r', 'mod+p', 'mod+f', 'alt+f4', 'alt+left', 'alt+right']

function context(part: Partial<Context> = {}): Context {
  return { router: {} as Context['router'], conversation: null, me: '4', manages: true, reads: true, step: () => undefined, back: () => undefined, answerOffer: () => undefined, showNew: () => undefined, ...part }
}

const situations: Record<string, Context> = {
  'nothing open': context(),
  'an open conversation': context({ conversation: aConversation() }),
  'a resolved conversation of somebody else': context({ conversation: aConversation({ status: 'resolved', assignee: { id: '5', name: 'Ben' } }) }),
  'an agent without admin rights': context({ conversation: aConversation({ stage_by_hand: true, assignee: null }), manages: false }),
}

describe('the command registry', () => {
  beforeEach(freshStores)

  it('gives every command an id of its own', () => {
    expect(new Set(commands.map((each) => each.id)).size).toBe(commands.length)
  })

  it.each(Object.entries(situations))('never gives one key to two commands with %s', (_name, where) => {
    const owners = new Map<string, string[]>()
    for (const each of commands) {
      if (!each.when(where)) continue
      for (const keys of keysOf(each)) owners.set(keys, [...(owners.get(keys) ?? []), each.id])
    }
    expect([...owners].filter(([, ids]) => ids.length > 1)).toEqual([])
  })

  it('has no single key that hides the first key of a sequence', () => {
    const all = commands.flatMap((each) => keysOf(each))
    const firsts = new Set(all.filter((keys) => keys.includes(' ')).map((keys) => keys.split(' ')[0]))
    expect(all.filter((keys) => firsts.has(keys))).toEqual([])
  })

  it('leaves the browser its own keys', () => {
    expect(commands.flatMap((each) => keysOf(each)).filter((keys) => reserved.includes(keys))).toEqual([])
  })

  it('never takes a single key while somebody writes, but takes chords', () => {
    const where = context({ conversation: aConversation() })
    expect(match('e', false, where).command?.id).toBe('conversation.resolve')
    expect(match('e', true, where).command).toBeNull()
    expect(match('mod+k', true, where).command?.id).toBe('palette')
  })

  it('can switch single keys off and change a key', () => {
    const where = context({ conversation: aConversation() })
    usePreferences().set('keys', { 'conversation.resolve': ['y'] })
    expect(match('e', false, where).command).toBeNull()
    expect(match('y', false, where).command?.id).toBe('conversation.resolve')
    usePreferences().set('single_keys', false)
    expect(match('y', false, where).command).toBeNull()
    usePreferences().set('single_keys', true)
    usePreferences().set('keys', {})
  })

  it('waits for the second key of a sequence', () => {
    expect(match('g', false, context())).toEqual({ command: null, prefix: true })
    expect(match('g u', false, context()).command?.id).toBe('go.unassigned')
  })
})

describe('a key that is held down', () => {
  it('walks on through the list, but resolves once', () => {
    freshStores()
    const step = vi.fn()
    const resolve = vi.spyOn(command('conversation.resolve'), 'run').mockReturnValue(undefined)
    const wrapper = mount({ setup: () => (useShortcuts(() => context({ conversation: aConversation(), step })), () => null) })
    for (const key of ['j', 'e']) for (const repeat of [false, true, true]) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, repeat, bubbles: true }))
    expect(step).toHaveBeenCalledTimes(3)
    expect(resolve).toHaveBeenCalledTimes(1)
    wrapper.unmount()
    resolve.mockRestore()
  })
})

describe('key names', () => {
  const press = (init: KeyboardEventInit & { keyCode?: number }) => new KeyboardEvent('keydown', init)

  it('follows the letters, and the place of the key where the letters are not Latin', () => {
    expect(pressName(press({ key: 'K', code: 'KeyK', ctrlKey: true }))).toBe('mod+k')
    expect(pressName(press({ key: 'о', code: 'KeyJ' }))).toBe('j')
    expect(pressName(press({ key: '?', code: 'Slash', shiftKey: true }))).toBe('?')
    expect(pressName(press({ key: 'E', code: 'KeyE', shiftKey: true }))).toBe('shift+e')
    expect(pressName(press({ key: 'å', code: 'KeyA', altKey: true }))).toBe('alt+a')
    expect(pressName(press({ key: 'Shift', code: 'ShiftLeft', shiftKey: true }))).toBe('')
  })

  it('knows when an input method composes', () => {
    expect(isComposing(press({ key: 'Enter', isComposing: true }))).toBe(true)
    expect(isComposing({ isComposing: false, keyCode: 229 } as KeyboardEvent)).toBe(true)
    expect(isComposing(press({ key: 'Enter' }))).toBe(false)
  })
})

describe('finding a command', () => {
  it('reads pinyin initials', () => {
    expect(pinyinInitials('转交给团队')).toBe('zjgtd')
    expect(fit('zjg', '转交给团队或同事…', 'Transfer to a team', 'conversation.transfer')?.score).toBeGreaterThan(50)
  })

  it('puts the start of the label first and marks it', () => {
    const start = fit('tra', 'Transfer to a team', 'Transfer to a team', 'x')
    const within = fit('tra', 'Insert tracking', 'Insert tracking', 'x')
    expect(start?.marks).toEqual([[0, 3]])
    expect(start!.score).toBeGreaterThan(within!.score)
    expect(fit('zzz', 'Transfer', 'Transfer', 'conversation.transfer')).toBeNull()
  })

  it('finds by the English word on a Chinese screen', () => {
    expect(fit('snooze', '推迟…', 'Snooze…', 'conversation.snooze')).not.toBeNull()
  })

  it('keeps every command reachable by its label', () => {
    const each = commands[0] as Command
    expect(fit('', each.label, each.label, each.id)).toEqual({ score: 1, marks: [] })
  })
})
