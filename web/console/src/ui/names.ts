// Names as people write them: one display field, split by grapheme, never by code unit.
import { t } from '@/i18n'

const graphemes =
  typeof Intl !== 'undefined' && 'Segmenter' in Intl ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : null

function first(word: string): string {
  if (!graphemes) return [...word][0] ?? ''
  for (const part of graphemes.segment(word)) return part.segment
  return ''
}

const han = /\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}/u

/** One character for names that are written without spaces, else the first of the first and last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word))
  const head = words[0]
  if (!head) return '?'
  const letter = first(head)
  if (han.test(letter) || !/\p{Script=Latin}|\p{Script=Cyrillic}|\p{Script=Greek}/u.test(letter)) return letter
  const last = words.length > 1 ? first(words[words.length - 1] ?? '') : ''
  const tail = /\p{Script=Latin}|\p{Script=Cyrillic}|\p{Script=Greek}/u.test(last) ? last : ''
  return (letter + tail).toLocaleUpperCase()
}

/** What a customer is called. Who has no name yet has a number, so that two of them can be told apart. */
export function customerName(who: { id: string; name: string }): string {
  return who.name || t('customer.visitor_n', { n: who.id.slice(-4) })
}

/** A pigment from 1 to 8 that stays the same for the same id. */
export function pigment(id: string): number {
  let sum = 0
  for (const unit of id) sum = (sum * 31 + (unit.codePointAt(0) ?? 0)) >>> 0
  return (sum % 8) + 1
}

/** The language tag that makes a browser pick the right shapes for a text, or none. */
export function langOf(text: string | undefined): string | undefined {
  if (!text) return undefined
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return 'ja'
  if (/\p{Script=Han}/u.test(text)) return 'zh'
  return undefined
}
