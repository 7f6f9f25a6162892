// Pages are read from left to right and from right to left: start and end, never left and right.
export const name = 'directions'

export const applies = (path) => /^web\/.*\.(css|vue|tsx|html)$/.test(path)

const property =
  /(?:^|[;{\s"'])((?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)(?:-[a-z]+)?|(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius)\s*:(?!:)/
const value = /\b(?:text-align|float|clear)\s*:\s*(?:left|right)\b/
const utility = /(?:^|[\s"'`:!-])((?:[mp][lr]|scroll-[mp][lr]|left|right|border-[lr]|rounded-(?:[lr]|tl|tr|bl|br))-(?:\[|\d|px|auto|full|none|xs|sm|md|lg|xl)[\w.\]/-]*|text-(?:left|right)|border-[lr]|rounded-[lr]|float-(?:left|right))(?=[\s"'`]|$)/

export function check(path, text) {
  const problems = []
  let in_style = path.endsWith('.css')
  text.split('\n').forEach((content, index) => {
    if (/<style[\s>]/.test(content)) in_style = true
    const code = content.replace(/\/\*.*?\*\//g, ' ')
    const found = in_style || /\sstyle=/.test(code) ? (property.exec(code) ?? value.exec(code)) : null
    const names = found ?? (/class|@apply/.test(code) ? utility.exec(code) : null)
    if (names) {
      problems.push({ line: index + 1, message: `"${(names[1] ?? names[0]).trim()}": say start and end (inset-inline-start, margin-inline-end, ms-2, text-start)` })
    }
    if (/<\/style>/.test(content)) in_style = path.endsWith('.css')
  })
  return problems
}

export const examples = [
  { why: 'a physical margin', path: 'web/console/src/a.css', text: 'a { margin-left: 1px; }\n', problems: 1 },
  { why: 'a physical place', path: 'web/console/src/A.vue', text: '<style>\na {\n  right: 0;\n}\n</style>\n', problems: 1 },
  { why: 'physical text', path: 'web/console/src/a.css', text: 'a { text-align: left }\n', problems: 1 },
  { why: 'a physical class', path: 'web/console/src/A.vue', text: '<p class="ml-2">x</p>\n', problems: 1 },
  { why: 'logical', path: 'web/console/src/a.css', text: 'a { margin-inline-start: 1px; inset-inline-end: 0 }\n', problems: 0 },
  { why: 'a logical class', path: 'web/console/src/A.vue', text: '<p class="ms-2 text-start">x</p>\n', problems: 0 },
  { why: 'a word', path: 'web/console/src/A.vue', text: '<p :title="x ? left : right">right: here</p>\n', problems: 0 },
]
