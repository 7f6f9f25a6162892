// The light markup in which agents write: bold, italic, code, links, lists and quotes, as plain text that reads
// well where it is not drawn. Both the console and the widget draw it from here; nothing of it is ever HTML.
import { linked } from './links.ts'

export interface Span { text: string; bold?: true; italic?: true; code?: true; href?: string }

export type Block =
  | { kind: 'text' | 'quote'; spans: Span[] }
  | { kind: 'code'; text: string }
  | { kind: 'list'; items: Span[][] }
  | { kind: 'numbers'; from: number; items: Span[][] }

// Marks hold only at the edge of a word, so that 2*3*4 and snake_case stay what they are.
const marks = new RegExp([
  '`(?<code>[^`\\n]+)`',
  '\\[(?<label>[^\\[\\]\\n]+)\\]\\((?<href>https?:\\/\\/[^\\s()]+(?:\\([^\\s()]*\\)[^\\s()]*)*)\\)',
  '(?<address>https?:\\/\\/[^\\s<>"\'\\u3000-\\u303f\\uff00-\\uffef\\u4e00-\\u9fff]+)',
  '\\*\\*(?<bold>[^\\s*](?:[^\\n]*?[^\\s*])?)\\*\\*',
  '(?<![\\p{Script=Latin}\\p{N}_])_(?<italic>[^\\s_](?:[^_\\n]*[^\\s_])?)_(?![\\p{Script=Latin}\\p{N}_])',
].join('|'), 'gu')

/** The words of a line or paragraph with their marks taken off and remembered. */
export function spans(text: string): Span[] {
  const out: Span[] = []
  let from = 0
  const plain = (until: number) => {
    if (until > from) out.push({ text: text.slice(from, until) })
  }
  for (const found of text.matchAll(marks)) {
    const { code, label, href, address, bold, italic } = found.groups ?? {}
    if (href !== undefined && !URL.canParse(href)) continue
    plain(found.index)
    from = found.index + found[0].length
    if (code !== undefined) out.push({ text: code, code: true })
    else if (label !== undefined && href !== undefined) out.push({ text: label, href: new URL(href).href })
    else if (address !== undefined) {
      // The marks around an address are not part of it.
      const tail = /[*_`]+$/u.exec(address)?.[0] ?? ''
      out.push(...linked(address.slice(0, address.length - tail.length)))
      from -= tail.length
    } else if (bold !== undefined) out.push(...spans(bold).map((span) => ({ ...span, bold: true as const })))
    else if (italic !== undefined) out.push(...spans(italic).map((span) => ({ ...span, italic: true as const })))
  }
  plain(text.length)
  return out
}

const bullet = /^\s{0,3}[-•]\s+(?=\S)/u
const number = /^\s{0,3}(\d{1,3})[.)]\s+(?=\S)/u
const quote = /^>\s?/u
const fence = /^```/u

/** Takes lines from `at` on while they are of one kind, without the sign that says so. */
function run(lines: readonly string[], at: number, sign: RegExp): string[] {
  const taken: string[] = []
  for (let line = lines[at]; line !== undefined && sign.test(line); line = lines[(at += 1)]) taken.push(line.replace(sign, ''))
  return taken
}

/** What is to be drawn, block by block. Every character of the text is in it, but for the signs. */
export function blocks(text: string): Block[] {
  const lines = text.split('\n')
  const out: Block[] = []
  let words: string[] = []
  const flush = () => {
    // The empty lines beside a block are its margin.
    const paragraph = words.join('\n').replace(/^\n+|\n+$/gu, '')
    if (paragraph) out.push({ kind: 'text', spans: spans(paragraph) })
    words = []
  }
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? ''
    const end = fence.test(line) ? lines.findIndex((each, index) => index > at && fence.test(each)) : -1
    const first = number.exec(line)
    if (end > at) {
      flush()
      out.push({ kind: 'code', text: lines.slice(at + 1, end).join('\n') })
      at = end + 1
    } else if (bullet.test(line)) {
      flush()
      const items = run(lines, at, bullet)
      out.push({ kind: 'list', items: items.map(spans) })
      at += items.length
    } else if (first) {
      flush()
      const items = run(lines, at, number)
      out.push({ kind: 'numbers', from: Number(first[1]), items: items.map(spans) })
      at += items.length
    } else if (quote.test(line)) {
      flush()
      const quoted = run(lines, at, quote)
      out.push({ kind: 'quote', spans: spans(quoted.join('\n')) })
      at += quoted.length
    } else {
      words.push(line)
      at += 1
    }
  }
  flush()
  return out
}

/** The words alone, for one line of a list. */
export function plain(text: string): string {
  const say = (line: Span[]) => line.map((span) => span.text).join('')
  return blocks(text).map((block) => ('items' in block ? block.items.map(say).join(' ') : 'spans' in block ? say(block.spans) : block.text)).join(' ')
}
