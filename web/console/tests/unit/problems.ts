// What the server says when it refuses, read from its sources: one sample of each sentence, with something in
// place of what only the moment knows.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../../..')

/** Said to the operator, to shops and to visitors; whoever works in the console never hears it. */
const elsewhere = [
  /^gateway\/(?:cli|control|demo|net)\//u,
  /^gateway\/(?:settings\w*|process|widget_pages|identity_token)\./u,
  /^gateway\/live\/customer_\w+\./u,
  /^gateway\/rest\/order_calls\./u,
  /^crm\/demo\//u,
  /^crm\/store\/(?:backend|backup|directory_lock|migrations|mysql\w*|sqlite\w*|idempotency)\./u,
  /^crm\/(?:order|order_lines|intake|settings_table|channel_account)\./u,
  /^crm\/base\//u,
  /^channels\//u,
]
/** The console has words of its own for these: the details are for the log. */
export const byCode = ['internal', 'unavailable', 'busy', 'unauthenticated', 'malformed']

function sources(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`
    if (statSync(join(root, path)).isDirectory()) return sources(path)
    return /\.[ch]pp$/u.test(name) && !elsewhere.some((each) => each.test(path)) ? [path] : []
  })
}

const unknown = '7'
const opens = '({['
const closes = ')}]'

interface Piece {
  kind: 'text' | 'plus' | 'other' | 'question' | 'colon'
  text: string
}

/** The expression from `at` up to the comma or brace that ends it, in pieces; what stands in brackets is one. */
function expression(text: string, at: number): Piece[] {
  const pieces: Piece[] = []
  let i = at
  while (i < text.length) {
    const c = text.charAt(i)
    if (c === ',' || closes.includes(c)) break
    const literal = /^"((?:[^"\\]|\\.)*)"/u.exec(text.slice(i))
    const wrapped = /^std::string\{("(?:[^"\\]|\\.)*")\}/u.exec(text.slice(i))
    const format = /^fmt::format\(\s*("(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*)/u.exec(text.slice(i))
    if (literal) {
      pieces.push({ kind: 'text', text: JSON.parse(literal[0]) as string })
      i += literal[0].length
    } else if (wrapped) {
      pieces.push({ kind: 'text', text: JSON.parse(wrapped[1] ?? '""') as string })
      i += wrapped[0].length
    } else if (format) {
      const whole = (format[1] ?? '').split(/"\s*"/u).join('')
      pieces.push({ kind: 'text', text: (JSON.parse(whole) as string).replaceAll(/\{[^}]*\}/gu, unknown) })
      i = past(text, i + 'fmt::format'.length)
    } else if (opens.includes(c)) {
      pieces.push({ kind: 'other', text: '' })
      i = past(text, i)
    } else if (c === ':' && text.charAt(i + 1) === ':') {
      i += 2
    } else {
      if (c === '+') pieces.push({ kind: 'plus', text: '' })
      else if (c === '?') pieces.push({ kind: 'question', text: '' })
      else if (c === ':') pieces.push({ kind: 'colon', text: '' })
      else if (/\w/u.test(c)) pieces.push({ kind: 'other', text: '' })
      i += 1
    }
  }
  return pieces
}

/** The place behind the bracket that closes the one at `from`. */
function past(text: string, from: number): number {
  let depth = 0
  let i = from
  do {
    const literal = /^"(?:[^"\\]|\\.)*"/u.exec(text.slice(i))
    if (literal) {
      i += literal[0].length
      continue
    }
    if (opens.includes(text.charAt(i))) depth += 1
    if (closes.includes(text.charAt(i))) depth -= 1
    i += 1
  } while (depth > 0 && i < text.length)
  return i
}

function samples(pieces: Piece[]): string[] {
  const asked = pieces.findIndex((each) => each.kind === 'question')
  if (asked >= 0) {
    const colon = pieces.findIndex((each) => each.kind === 'colon')
    return [...samples(pieces.slice(asked + 1, colon)), ...samples(pieces.slice(colon + 1))]
  }
  let made = ''
  let last: Piece['kind'] = 'plus'
  for (const each of pieces) {
    if (each.kind === 'text') made += each.text
    else if (each.kind === 'other' && last !== 'other') made += unknown
    last = each.kind
  }
  return [made]
}

/** Where a sentence is not written at the place that throws it. */
export const handed: [where: string, made: string][] = []

export interface Said {
  where: string
  code: string
  detail: string
}

/** All that the server may say to the console, by the code it says it with. */
export function allSaid(): Said[] {
  const made: Said[] = []
  handed.length = 0
  for (const where of ['crm', 'routing', 'gateway'].flatMap(sources)) {
    const text = readFileSync(join(root, where), 'utf8').replaceAll(/\/\/[^\n"]*$/gmu, '')
    for (const found of text.matchAll(/problem\s*\w*\s*[{(]\s*(?:crm::)?errc::(\w+)\s*,/gu)) {
      const code = found[1] ?? ''
      if (byCode.includes(code)) continue
      for (const detail of samples(expression(text, found.index + found[0].length))) {
        // A sentence that is handed in stands where it is handed in.
        if (/[a-z]/iu.test(detail)) made.push({ where, code, detail })
        else handed.push([where, detail])
      }
    }
    for (const found of text.matchAll(/\brefuse\(\s*(?=")/gu)) {
      const before = where === 'crm/attribute.cpp' ? `${unknown} ` : ''
      for (const detail of samples(expression(text, found.index + found[0].length))) made.push({ where, code: 'invalid', detail: before + detail })
    }
  }
  return made
}
