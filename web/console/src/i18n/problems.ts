// The server's sentences about what it refuses, in the reader's language. The server speaks English; whoever reads
// another language gets our translation of the same sentence. {slots} stand for what only the moment knows.

type Sentences = Record<string, string>

interface Pattern {
  fits: RegExp
  slots: string[]
  said: string
}

interface Book {
  exact: Map<string, string>
  patterns: Pattern[]
}

const slot = /\{(\w+)\}/gu
let book: Book | null = null

function patternOf(english: string, said: string): Pattern {
  const parts = english.split(slot)
  // Odd places are the slots' names.
  const text = parts.map((part, i) => (i % 2 ? '(.+)' : part.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`))).join('')
  return { fits: new RegExp(`^${text}$`, 'su'), slots: parts.filter((_, i) => i % 2), said }
}

/** The sentences from now on; null leaves the server's own. */
export function setSentences(sentences: Sentences | null) {
  if (!sentences) {
    book = null
    return
  }
  const all = Object.entries(sentences)
  const isOpen = ([english]: [string, string]) => english.search(slot) >= 0
  const plain = all.filter((each) => !isOpen(each))
  const open = all.filter(isOpen)
  // Whoever says more goes first.
  open.sort(([a], [b]) => b.length - a.length)
  book = { exact: new Map(plain), patterns: open.map(([english, said]) => patternOf(english, said)) }
}

/** The sentence as the reader shall see it: itself in English, null where nobody has translated it. */
export function inWords(detail: string): string | null {
  if (!book || detail === '') return detail || null
  const known = book.exact.get(detail)
  if (known !== undefined) return known
  for (const each of book.patterns) {
    const found = each.fits.exec(detail)
    if (found) return each.said.replaceAll(slot, (_, name: string) => found[each.slots.indexOf(name) + 1] ?? '')
  }
  return null
}
