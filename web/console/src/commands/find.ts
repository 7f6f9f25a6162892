// Finds commands by what a person types: the words on screen, the English ones, or pinyin initials.

// The first syllable of each letter's section in a Chinese dictionary; the browser knows that order.
const heads = '阿八嚓哒妸发旮哈讥咔垃痳拏噢妑七呥扨它穵夕丫帀'
const letters = 'abcdefghjklmnopqrstwxyz'
const dictionary = new Intl.Collator('zh-CN-u-co-pinyin')

/** 转派给 → zpg. Characters that are not Chinese stand for themselves. */
export function pinyinInitials(text: string): string {
  let out = ''
  for (const sign of text) {
    if (!/\p{Script=Han}/u.test(sign)) {
      if (/[a-z0-9]/iu.test(sign)) out += sign.toLowerCase()
      continue
    }
    let at = 0
    for (let next = 0; next < heads.length; next += 1) if (dictionary.compare(sign, heads[next] ?? '') >= 0) at = next
    out += letters[at] ?? ''
  }
  return out
}

export interface Hit { score: number; /** Positions in the label to be marked. */ marks: [number, number][] }

function inLabel(label: string, word: string): Hit | null {
  const text = label.toLowerCase()
  const at = text.indexOf(word)
  if (at < 0) return null
  const starts = at === 0 || /[\s·(（「/-]/u.test(text[at - 1] ?? '')
  return { score: starts ? (at === 0 ? 100 : 80) : 50, marks: [[at, at + word.length]] }
}

/** The first letters of the words: "gtd" for "Go to Drafts". */
function wordInitials(text: string): string {
  return text.toLowerCase().split(/[^\p{L}\p{N}]+/u).map((word) => word[0] ?? '').join('')
}

/** How well a label answers what was typed; null if it does not. An empty query fits everything. */
export function fit(query: string, label: string, english: string, id: string): Hit | null {
  const word = query.trim().toLowerCase()
  if (!word) return { score: 1, marks: [] }
  const direct = inLabel(label, word)
  if (direct) return direct
  const initials = /^[a-z]+$/u.test(word) && /\p{Script=Han}/u.test(label) ? pinyinInitials(label) : ''
  if (initials.startsWith(word)) return { score: 70, marks: [] }
  if (initials.includes(word)) return { score: 45, marks: [] }
  const translated = inLabel(english, word)
  if (translated) return { score: translated.score - 20, marks: [] }
  if (wordInitials(english).startsWith(word) || id.includes(word)) return { score: 10, marks: [] }
  return null
}
