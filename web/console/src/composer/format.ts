// Formatting in a plain text field: marks are put around what is selected and signs before its lines, as one
// step that the browser's own undo takes back.

export type Format = 'bold' | 'italic' | 'code' | 'link' | 'list' | 'numbers' | 'quote'

const around: Partial<Record<Format, string>> = { bold: '**', italic: '_', code: '`' }

export interface Edit {
  /** What is replaced, and by what. */
  from: number
  to: number
  text: string
  /** What is selected afterwards. */
  select: [number, number]
}

function wrap(text: string, from: number, to: number, mark: string): Edit {
  const inside = text.slice(from, to)
  const length = mark.length
  // A second time takes the marks off again, wherever the selection ends.
  if (text.slice(from - length, from) === mark && text.slice(to, to + length) === mark) {
    return { from: from - length, to: to + length, text: inside, select: [from - length, to - length] }
  }
  if (inside.length > 2 * length && inside.startsWith(mark) && inside.endsWith(mark)) {
    const bare = inside.slice(length, -length)
    return { from, to, text: bare, select: [from, from + bare.length] }
  }
  // A mark holds at the edge of a word only, so spaces stay outside.
  const lead = /^\s*/u.exec(inside)?.[0].length ?? 0
  const words = inside.trim()
  const made = inside.slice(0, lead) + mark + words + mark + inside.slice(lead + words.length)
  return { from, to, text: made, select: [from + lead + length, from + lead + length + words.length] }
}

function anchor(text: string, from: number, to: number): Edit {
  const inside = text.slice(from, to)
  if (/^https?:\/\/\S+$/u.test(inside)) return { from, to, text: `[](${inside})`, select: [from + 1, from + 1] }
  const made = `[${inside}](https://)`
  const at = from + inside.length + 3
  return { from, to, text: made, select: inside ? [at, at + 8] : [from + 1, from + 1] }
}

const signs: Record<'list' | 'numbers' | 'quote', { has: RegExp; make: (index: number) => string }> = {
  list: { has: /^- /u, make: () => '- ' },
  numbers: { has: /^\d+\. /u, make: (index) => `${index + 1}. ` },
  quote: { has: /^> /u, make: () => '> ' },
}

function before(text: string, from: number, to: number, how: keyof typeof signs): Edit {
  const start = text.lastIndexOf('\n', from - 1) + 1
  const end = text.indexOf('\n', to) < 0 ? text.length : text.indexOf('\n', to)
  const lines = text.slice(start, end).split('\n')
  const sign = signs[how]
  const off = lines.every((line) => sign.has.test(line))
  const made = lines.map((line, index) => (off ? line.replace(sign.has, '') : sign.make(index) + line)).join('\n')
  const grown = made.length - (end - start)
  return { from: start, to: end, text: made, select: from === to ? [Math.max(start, to + grown), Math.max(start, to + grown)] : [start, start + made.length] }
}

/** The edit that gives (or takes) a format to what is selected. */
export function formatted(text: string, from: number, to: number, how: Format): Edit {
  const mark = around[how]
  if (mark) return wrap(text, from, to, mark)
  return how === 'link' ? anchor(text, from, to) : before(text, from, to, how as keyof typeof signs)
}

/** A new line within a list or quote goes on with it; on an empty item it ends it. Null: an ordinary new line. */
export function continued(text: string, at: number): Edit | null {
  const start = text.lastIndexOf('\n', at - 1) + 1
  const found = /^(?:(- )|(\d+)\. |(> ))(.*)$/u.exec(text.slice(start, at))
  if (!found) return null
  if (!found[4]) return { from: start, to: at, text: '', select: [start, start] }
  const made = `\n${found[2] ? `${Number(found[2]) + 1}. ` : (found[1] ?? found[3])}`
  return { from: at, to: at, text: made, select: [at + made.length, at + made.length] }
}

/** Carries an edit out so that the browser's undo knows it. */
export function carryOut(field: HTMLTextAreaElement, edit: Edit) {
  field.focus()
  field.setSelectionRange(edit.from, edit.to)
  // Deprecated, and yet the only way into a text field's undo history.
  const done = typeof document.execCommand === 'function' && document.execCommand(edit.text ? 'insertText' : 'delete', false, edit.text)
  if (!done) {
    field.setRangeText(edit.text, edit.from, edit.to, 'end')
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
  field.setSelectionRange(...edit.select)
}
