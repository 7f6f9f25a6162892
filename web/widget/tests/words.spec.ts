import { describe, expect, it } from 'vitest'
import { luminance } from '../src/panel/theme.ts'
import { bytes, clock, dayAndClock, initials, isPause, money, opening } from '../src/panel/when.ts'
import { nearest, queueWords, wordsFor } from '../src/panel/words.ts'

const en = wordsFor('en')
const zh = wordsFor('zh-CN')
const hour = 3_600_000_000
const noon = new Date(2026, 10, 20, 12, 0).getTime()

describe('words', () => {
  it('are all there in both languages, and translated', () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort())
    const same = Object.keys(en).filter((key) => {
      const [one, other] = [en, zh].map((words) => words[key as keyof typeof en])
      return typeof one === 'string' && one === other
    })
    expect(same).toEqual([])
  })

  it('choose the nearest language', () => {
    expect(['zh', 'zh-TW', 'ZH-Hans-CN', 'en-GB', 'de', ''].map(nearest)).toEqual(['zh-CN', 'zh-CN', 'zh-CN', 'en', 'en', 'en'])
  })

  it('tell the place in line', () => {
    expect(queueWords(en, 1, 20_000)).toBe('You are next. It takes about a minute.')
    expect(queueWords(en, 3, 300_000)).toBe('You are number 3 in line. It takes about 5 minutes.')
    expect(queueWords(zh, 3, 300_000)).toBe('前面还有 2 位。大约 5 分钟。')
    expect(queueWords(en, 40, 3_600_000)).toContain('may take a while')
    expect(queueWords(en, 2, null)).toBe('You are number 2 in line.')
    expect(queueWords(en, null, 5)).toBe('')
  })
})

describe('times', () => {
  it('name today and yesterday, and the day before that', () => {
    expect(dayAndClock(noon * 1000, noon, 'en', en)).toBe('Today 12:00')
    expect(dayAndClock(noon * 1000 - 13 * hour, noon, 'en', en)).toBe('Yesterday 23:00')
    expect(dayAndClock(noon * 1000 - 48 * hour, noon, 'en', en)).toMatch(/18.*12:00/)
    expect(dayAndClock(noon * 1000, noon, 'zh-CN', zh)).toBe('今天 12:00')
    expect(clock(noon * 1000 - 12 * hour, 'en')).toBe('00:00')
  })

  it('part what is far apart', () => {
    expect(isPause(undefined, noon * 1000)).toBe(true)
    expect(isPause(noon * 1000, noon * 1000 + hour / 4)).toBe(false)
    expect(isPause(noon * 1000, noon * 1000 + hour)).toBe(true)
    const midnight = new Date(2026, 10, 21, 0, 0).getTime() * 1000
    expect(isPause(midnight - 60e6, midnight + 60e6)).toBe(true)
  })

  it('say when the shop opens', () => {
    expect(opening(noon * 1000 + 2 * hour, noon, 'en')).toBe('at 14:00')
    expect(opening(noon * 1000 + 21 * hour, noon, 'en')).toMatch(/^on Saturday/)
  })
})

describe('figures', () => {
  it('are written as in the language', () => {
    expect(money(160_800, 'CNY', 'en')).toBe('¥1,608')
    expect(money(160_850, 'CNY', 'zh-CN')).toBe('¥1,608.50')
    expect(money(500, 'JPY', 'en')).toBe('¥500')
    expect(money(500, '??', 'en')).toBe('5 ??')
    expect(bytes(1_203, 'en')).toBe('1.2 kB')
    expect(bytes(25_000_000, 'en')).toBe('25 MB')
  })

  it('measure how light a colour is', () => {
    expect(luminance([255, 255, 255])).toBeCloseTo(1)
    expect(luminance([0, 0, 0])).toBe(0)
    expect(luminance([119, 119, 119])).toBeCloseTo(0.184, 2)
  })
})

describe('initials', () => {
  it('are what a person sees as letters', () => {
    expect(['Ana Flores', '王建国', 'نورة', '', '👨‍👩‍👧 family', 'Ana'].map(initials)).toEqual(['AF', '王', 'ن', '', '👨‍👩‍👧F', 'A'])
  })
})
