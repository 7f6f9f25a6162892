// Every colour of the pages comes from a token, so that dark, high contrast and a brand's own colours
// reach everything.
export const name = 'colours'

const tokens = /(^|\/)tokens[\w.-]*\.css$/
export const applies = (path) =>
  /^web\/.*\.(css|vue|ts|tsx|html)$/.test(path) && !tokens.test(path) && !/\.(test|spec)\.tsx?$|\/tests?\//.test(path)

const hex = /#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b/
const functions = /\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(\s*[\d.]/
const named =
  /(?:^|[;{\s])(?:color|background(?:-color)?|border(?:-[a-z-]+)?|outline(?:-color)?|fill|stroke|caret-color|accent-color|box-shadow)\s*:[^;{}]*\b(?:white|black|red|green|blue|yellow|orange|purple|pink|gr[ae]y|brown|silver|gold|navy|teal|maroon|olive|aqua|lime|fuchsia|cyan|magenta)\b/
// A colour that somebody types or picks is data: such a line says so.
const data = /lint: colour is data/

export function check(path, text) {
  const problems = []
  const is_style = path.endsWith('.css')
  let in_style = is_style
  text.split('\n').forEach((content, index) => {
    if (/<style[\s>]/.test(content)) in_style = true
    const code = content.replace(/\/\/.*$|\/\*.*?\*\//g, (comment) => (data.test(comment) ? comment : ' '))
    if (!data.test(content)) {
      const literal = (in_style ? hex : /['"`:\s(]#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})(?=['"`;\s),])/).exec(code) ?? functions.exec(code) ?? (in_style ? named.exec(code) : null)
      if (literal) problems.push({ line: index + 1, message: `"${literal[0].trim()}": use a token of web/shared/tokens.css` })
    }
    if (/<\/style>/.test(content)) in_style = is_style
  })
  return problems
}

export const examples = [
  { why: 'hex in a style', path: 'web/console/src/a.css', text: 'a { color: #fff; }\n', problems: 1 },
  { why: 'hex in a script', path: 'web/console/src/a.ts', text: "const ink = '#1a2b3c'\n", problems: 1 },
  { why: 'a function', path: 'web/console/src/A.vue', text: '<style>\na { color: rgb(0 0 0); }\n</style>\n', problems: 1 },
  { why: 'a name', path: 'web/console/src/a.css', text: 'a { color: white; }\n', problems: 1 },
  { why: 'a token', path: 'web/console/src/a.css', text: 'a { color: var(--ink); }\n', problems: 0 },
  { why: 'the tokens themselves', path: 'web/shared/tokens.css', text: ':root { --ink: #000; }\n', problems: 0 },
  { why: 'an anchor is no colour', path: 'web/console/src/A.vue', text: '<a href="#main">x</a>\n', problems: 0 },
  { why: 'a private member is no colour', path: 'web/console/src/a.ts', text: 'this.#added = 1\n', problems: 0 },
]
