// A message to "any window" hands what a visitor wrote to whoever framed the page.
export const name = 'messages'

export const applies = (path) => /^web\/.*\.(ts|tsx|vue|js|mjs|html)$/.test(path)

const call = /postMessage\s*\(/g

export function check(path, text) {
  const problems = []
  for (const match of text.matchAll(call)) {
    // The call's arguments, up to the parenthesis that closes it; strings with parentheses only make
    // the piece longer or shorter, never hide a star that stands alone as the target.
    let depth = 1
    let end = match.index + match[0].length
    while (end < text.length && depth > 0) {
      if (text[end] === '(') depth += 1
      if (text[end] === ')') depth -= 1
      end += 1
    }
    if (/(,|targetOrigin\s*:)\s*(['"`])\*\2/.test(text.slice(match.index, end))) {
      problems.push({ line: text.slice(0, match.index).split('\n').length, message: 'name the exact target origin' })
    }
  }
  return problems
}

export const examples = [
  { why: 'to any window', path: 'web/widget/a.ts', text: "parent.postMessage({ a: f(1) }, '*')\n", problems: 1 },
  { why: 'to any window, over several lines', path: 'web/widget/a.ts', text: 'w.postMessage(\n  m,\n  "*",\n)\n', problems: 1 },
  { why: 'to any window, as an option', path: 'web/widget/a.ts', text: "w.postMessage(m, { targetOrigin: '*' })\n", problems: 1 },
  { why: 'to one origin', path: 'web/widget/a.ts', text: 'parent.postMessage(m, origin)\n', problems: 0 },
]
