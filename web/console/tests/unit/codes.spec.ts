// What the server gives as codes, people read as sentences: the catalogues hold the server's own lists, read
// from its sources, no more and no less.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { eventText } from '@/conversation/happenings'
import en from '@/i18n/en.json'
import { shortestPassword } from '@/login/password'
import { anEntry, freshStores } from './helpers'

const root = join(import.meta.dirname, '../../../..')
const source = (path: string) => readFileSync(join(root, path), 'utf8')
const folder = (path: string) => readdirSync(join(root, path)).filter((name) => name.endsWith('.cpp')).map((name) => source(`${path}/${name}`)).join('\n')
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((each) => each[1] ?? '')
const sorted = (words: Iterable<string>) => [...new Set(words)].sort()

/** The words of an enumeration of the engine, in routing/engine/names.cpp. */
function names(of: string): string[] {
  const body = new RegExp(`name_of\\(${of} \\w+\\)\\s*\\{[^{]*\\{([^}]*)\\}`, 'u').exec(source('routing/engine/names.cpp'))?.[1] ?? ''
  return found(body, /"(\w+)"/gu)
}

const verbs = `${folder('routing')}\n${folder('crm')}`
// The last word of a change of a conversation is why it was made.
const causes = [...found(verbs, /(?:set_status|assign|set_team|set_stage)\([^;]*?"(\w+)"\s*\)/gu), ...found(verbs, /\{"reason", "(\w+)"\}/gu)]
// Events stand in the timeline of a conversation by what happened to it.
const recorded = source('crm/conversation_changes.cpp') + source('crm/conversation_rows.cpp')
const happenings = [...found(recorded, /happening::(\w+)/gu), ...found(verbs, /"happening", "(\w+)"/gu)]

describe('codes of the server', () => {
  it('that explain a routing decision all have a sentence, and nothing else has', () => {
    const given = [...names('agent_reason'), ...found(source('routing/translate.cpp'), /say\(\s*\{\{"code", "(\w+)"\}/gu)]
    expect(given.length).toBeGreaterThan(10)
    // The record is for a replay of the decision, not for people.
    expect(sorted(Object.keys(en.reason))).toEqual(sorted(given).filter((code) => code !== 'record'))
  })

  it('that say where a value comes from all have a sentence', () => {
    expect(names('score_basis').length).toBeGreaterThan(3)
    expect(sorted(Object.keys(en.basis))).toEqual(sorted(names('score_basis')))
  })

  it('that say why a conversation changed all have a sentence', () => {
    expect(causes).toContain('snooze_over')
    expect(sorted(Object.keys(en.cause))).toEqual(sorted(causes))
  })

  it('that say what happened to a conversation all have a sentence', () => {
    expect(happenings).toContain('status_changed')
    for (const happening of happenings) expect(Object.keys(en.event), happening).toContain(happening)
  })

  it('and its shortest password stands beside the field for a new one', () => {
    expect(Number(/length < (\d+)\)/u.exec(source('gateway/passwords.cpp'))?.[1])).toBe(shortestPassword)
  })

  it('are never shown raw', () => {
    freshStores()
    const entry = anEntry({ kind: 'event', author: { kind: 'system', id: '', name: '' }, details: { happening: 'status_changed', from: 'snoozed', to: 'open', reason: 'snooze_over' } as never })
    expect(eventText(entry)).toMatch(/ · the time it was put off to has come$/u)
    expect(eventText({ ...entry, details: { happening: 'stage_changed', to: 'in_sale', reason: 'she said so' } as never })).toMatch(/she said so$/u)
  })
})
