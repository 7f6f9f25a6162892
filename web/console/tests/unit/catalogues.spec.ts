import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createI18n } from 'vue-i18n'
import { describe, expect, it } from 'vitest'
import en from '@/i18n/en.json'
import zh from '@/i18n/zh-CN.json'

type Tree = { [key: string]: string | Tree }

function flat(tree: Tree, before = ''): Map<string, string> {
  const out = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') out.set(before + key, value)
    else for (const [inner, text] of flat(value, `${before}${key}.`)) out.set(inner, text)
  }
  return out
}

const english = flat(en as Tree)
const chinese = flat(zh as Tree)
const slots = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/gu)].map((found) => found[1]))].sort()

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((each) => {
    const path = join(folder, each.name)
    if (each.isDirectory()) return sources(path)
    return /\.(?:vue|ts)$/u.test(each.name) && !each.name.endsWith('.d.ts') ? [readFileSync(path, 'utf8')] : []
  })
}
const code = sources(join(import.meta.dirname, '../../src'))

describe('the two catalogues', () => {
  it('have the same keys', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('have the same slots in both languages', () => {
    for (const [key, text] of english) {
      expect(slots(chinese.get(key) ?? ''), key).toEqual(slots(text))
    }
  })

  it('say something everywhere, and Chinese is Chinese', () => {
    const same = [...english].filter(([key, text]) => chinese.get(key) === text).map(([key]) => key)
    // Names of products, and what has no words.
    expect(same).toEqual(['channel.whatsapp', 'channel.messenger', 'channel.instagram', 'channel.telegram', 'channel.line'])
    expect([...english.values(), ...chinese.values()].filter((text) => text.trim() === '')).toEqual([])
  })

  it('compile in both languages', () => {
    const i18n = createI18n({ legacy: false, locale: 'en', messages: { en, 'zh-CN': zh }, missingWarn: false, fallbackWarn: false })
    const params = Object.fromEntries(['name', 'n', 'why', 'text', 'span', 'time'].map((each) => [each, '7']))
    for (const locale of ['en', 'zh-CN'] as const) {
      for (const key of english.keys()) {
        const said = i18n.global.t(key, params, { locale })
        expect(said, `${locale} ${key}`).not.toBe(key)
        expect(said, `${locale} ${key}`).not.toMatch(/\{[@'|#]/u)
      }
    }
  })

  it('hold every key that the sources use', () => {
    const used = new Set<string>()
    for (const text of code) {
      for (const found of text.matchAll(/\bte?\(\s*'([\w.]+)'/gu)) used.add(found[1]!)
      for (const found of text.matchAll(/(?:label|title): '((?:command|views)\.[\w.]+)'/gu)) used.add(found[1]!)
    }
    expect(used.size).toBeGreaterThan(300)
    expect([...used].filter((key) => !english.has(key))).toEqual([])
  })

  it('hold every family of keys that the sources build', () => {
    const families = new Set<string>()
    for (const text of code) for (const found of text.matchAll(/\bte?\(`([\w]+\.)(\w*_)?\$\{/gu)) families.add(found[1]! + (found[2] ?? ''))
    expect(families.size).toBeGreaterThan(20)
    for (const family of families) expect([...english.keys()].some((key) => key.startsWith(family)), family).toBe(true)
  })
})
