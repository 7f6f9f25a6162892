// Whoever works in Chinese reads what the server refuses in Chinese: the console holds the server's own sentences,
// read from its sources, no more and no less.
import { afterEach, describe, expect, it } from 'vitest'
import { Problem } from '@/api/http'
import { explain } from '@/commands/explain'
import { setLocale } from '@/i18n'
import { inWords, setSentences } from '@/i18n/problems'
import en from '@/i18n/en.json'
import sentences from '@/i18n/problems.zh-CN.json'
import { allSaid, byCode, handed } from './problems'

const said = allSaid()
const names = (text: string) => [...text.matchAll(/\{(\w+)\}/gu)].map((found) => found[1] ?? '')

describe('what the server refuses', () => {
  afterEach(() => setLocale('en'))

  it('is found in its sources', () => {
    expect(said.length).toBeGreaterThan(150)
    expect(said.map((each) => each.detail)).toContain('There is a tag of this name already.')
    // The two that hand sentences on are read where those are written.
    expect(handed.map(([where]) => where).sort()).toEqual(['crm/attribute.cpp', 'gateway/media.cpp'])
    expect(said.map((each) => each.detail)).toContain('7 is yes or no.')
  })

  it('all has a Chinese sentence', () => {
    setSentences(sentences)
    expect(said.filter((each) => inWords(each.detail) === null)).toEqual([])
  })

  it('has no Chinese sentence that the server never says', () => {
    for (const [english, chinese] of Object.entries(sentences)) {
      setSentences({ [english]: chinese })
      expect(said.some((each) => inWords(each.detail) !== null), english).toBe(true)
    }
  })

  it('fills the same slots, in Chinese words', () => {
    for (const [english, chinese] of Object.entries(sentences)) {
      expect(names(english), english).toEqual(expect.arrayContaining(names(chinese)))
      expect(chinese, english).toMatch(/\p{Script=Han}/u)
    }
  })

  it('is shown in the language that was chosen', async () => {
    const conflict = new Problem(409, 'conflict', 'There is a tag of this name already.', 'name')
    const busy = new Problem(409, 'conflict', 'Ana Flores does not answer customers: choose somebody else or a team.')
    expect(explain(conflict)).toBe('There is a tag of this name already.')
    await setLocale('zh-CN')
    expect(explain(conflict)).toBe('已有同名标签。')
    expect(explain(busy)).toBe('Ana Flores 不处理客户，请选择其他同事或团队。')
    // What nobody translated is said by its code, and in English only where that is unknown, too.
    expect(explain(new Problem(409, 'conflict', 'Quite new.'))).toBe('有人先更改了，请查看后重试。')
    expect(explain(new Problem(418, 'teapot', 'Quite new.'))).toBe('Quite new.')
    await setLocale('en')
    expect(explain(conflict)).toBe('There is a tag of this name already.')
  })

  it('in words for the operator is said by its code', () => {
    for (const code of byCode.filter((each) => each !== 'malformed'))
      expect(explain(new Problem(500, code, 'the disk is full'))).toBe((en.problem as Record<string, string>)[code])
  })
})
