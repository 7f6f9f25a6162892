// What is pasted from a page, a document or a mail keeps what our markup can say and loses the rest. The HTML is
// parsed in a document of its own: nothing in it loads or runs.

const blockTags = /^(?:P|DIV|LI|TR|H[1-6]|BLOCKQUOTE|PRE|UL|OL|TABLE|SECTION|ARTICLE|HEADER|FOOTER)$/u
const silent = /^(?:SCRIPT|STYLE|HEAD|TITLE|META|TEMPLATE|NOSCRIPT)$/u

function weight(element: HTMLElement): boolean {
  if (element.style.fontWeight) return element.style.fontWeight === 'bold' || Number(element.style.fontWeight) >= 600
  return /^(?:B|STRONG|H[1-6])$/u.test(element.tagName)
}

function slanted(element: HTMLElement): boolean {
  return element.style.fontStyle ? element.style.fontStyle === 'italic' : /^(?:I|EM)$/u.test(element.tagName)
}

/** Marks go around the words, never around the spaces beside them. */
function marked(inside: string, mark: string): string {
  const words = inside.trim()
  if (!words || words.includes('\n') || words.startsWith(mark)) return inside
  const at = inside.indexOf(words)
  return inside.slice(0, at) + mark + words + mark + inside.slice(at + words.length)
}

function linesWith(inside: string, sign: string): string {
  return inside.trim().split('\n').filter(Boolean).map((line) => sign + line).join('\n')
}

function inner(node: Node): string {
  return [...node.childNodes].map(read).join('')
}

function item(element: HTMLElement): string {
  const list = element.parentElement
  const index = list ? [...list.children].indexOf(element) + 1 : 1
  const words = inner(element).trim().replace(/\n+/gu, '\n')
  return `${list?.tagName === 'OL' ? `${index}. ` : '- '}${words}\n`
}

function read(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return (node.textContent ?? '').replace(/[\s\u00a0]+/gu, ' ')
  if (!(node instanceof HTMLElement) || silent.test(node.tagName)) return ''
  const { tagName } = node
  if (tagName === 'BR') return '\n'
  if (tagName === 'LI') return item(node)
  if (tagName === 'PRE') return `\n\`\`\`\n${(node.textContent ?? '').replace(/\n$/u, '')}\n\`\`\`\n`
  if (tagName === 'CODE') return marked(inner(node), '`')
  if (tagName === 'BLOCKQUOTE') return `\n${linesWith(inner(node), '> ')}\n`
  if (tagName === 'TD' || tagName === 'TH') return `${inner(node).trim()} `
  let words = inner(node)
  const href = tagName === 'A' ? node.getAttribute('href') ?? '' : ''
  if (/^https?:\/\//u.test(href)) return words.trim() === href || !words.trim() ? href : `[${words.trim().replace(/[[\]\n]/gu, ' ')}](${href.replace(/[()\s]/gu, (sign) => `%${sign.charCodeAt(0).toString(16)}`)})`
  if (slanted(node)) words = marked(words, '_')
  if (weight(node)) words = marked(words, '**')
  return blockTags.test(tagName) ? `\n${words.trim()}\n` : words
}

/** The markup for what was copied, or '' where its plain text says all there is. */
export function fromHtml(html: string): string {
  if (!/<(?:b|strong|i|em|a|ul|ol|blockquote|code|pre|h[1-6])\b|font-weight|font-style/iu.test(html)) return ''
  const body = new DOMParser().parseFromString(html, 'text/html').body
  return inner(body).replace(/[ \t]+\n/gu, '\n').replace(/\n[ \t]+(?=\S)/gu, '\n').replace(/\n{3,}/gu, '\n\n').trim()
}
