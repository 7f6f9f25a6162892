// Times and amounts in the reader's language.
import type { Locale, Words } from './words.ts'

const day_ms = 86_400_000

/** Whole local days between two moments (ms). */
function daysBetween(earlier_ms: number, later_ms: number): number {
  const midnight = (ms: number) => new Date(ms).setHours(0, 0, 0, 0)
  return Math.round((midnight(later_ms) - midnight(earlier_ms)) / day_ms)
}

export function clock(at_us: number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at_us / 1000)
}

/** "Today 10:42", "Yesterday 09:10", "Fri 14 Nov 10:42". */
export function dayAndClock(at_us: number, now_ms: number, locale: Locale, words: Words): string {
  const at_ms = at_us / 1000
  const days = daysBetween(at_ms, now_ms)
  const day = days === 0 ? words.today : days === 1 ? words.yesterday
    : new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' }).format(at_ms)
  return `${day} ${clock(at_us, locale)}`
}

/** When the shop is back: "at 09:00", "on Monday at 09:00". */
export function opening(at_us: number, now_ms: number, locale: Locale): string {
  const sameDay = daysBetween(now_ms, at_us / 1000) === 0
  const options: Intl.DateTimeFormatOptions = sameDay ? {} : { weekday: 'long' }
  const text = new Intl.DateTimeFormat(locale, { ...options, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at_us / 1000)
  if (locale === 'zh-CN') return `${text} `
  return sameDay ? `at ${text}` : `on ${text}`
}

/** Whether a new time line belongs between two messages. */
export function isPause(before_us: number | undefined, at_us: number): boolean {
  if (before_us === undefined) return true
  return at_us - before_us > 30 * 60 * 1_000_000 || daysBetween(before_us / 1000, at_us / 1000) !== 0
}

export function money(minor: number, currency: string, locale: Locale): string {
  try {
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', trailingZeroDisplay: 'stripIfInteger' })
    return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
  } catch {
    return `${minor / 100} ${currency}`
  }
}

export function bytes(size: number, locale: Locale): string {
  const unit = size < 1_000_000 ? 'kilobyte' : 'megabyte'
  const value = size / (unit === 'kilobyte' ? 1_000 : 1_000_000)
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)
}

/** One or two letters for a name, by what a person sees as letters. */
export function initials(name: string): string {
  const graphemes = (text: string) => Array.from(new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text), (one) => one.segment)
  const words = name.trim().split(/\s+/).filter(Boolean)
  if (words.length === 0) return ''
  if (/\p{Script=Han}/u.test(name)) return graphemes(words[0]!)[0] ?? ''
  return [words[0]!, words.length > 1 ? words.at(-1)! : ''].map((word) => graphemes(word)[0] ?? '').join('').toUpperCase()
}
