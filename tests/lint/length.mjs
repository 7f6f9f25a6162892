// No source file is longer than 400 lines: a longer one has more than one subject.
export const name = 'length'

const most = 400
const source = /(^|\/)(Makefile|CMakeLists\.txt)$|\.(cpp|hpp|cmake|ts|tsx|vue|js|mjs|css|sh)$|^tools\/[^./]+$/
const generated = /(^|\/)(schema\.d\.ts|openapi\.ts)$/

export const applies = (path) => source.test(path) && !generated.test(path)

export function check(path, text) {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  return lines > most ? [{ line: most + 1, message: `${lines} lines; split it by subject (at most ${most})` }] : []
}

export const examples = [
  { why: 'exactly the limit', path: 'crm/a.cpp', text: 'x\n'.repeat(most), problems: 0 },
  { why: 'one line over', path: 'crm/a.cpp', text: 'x\n'.repeat(most + 1), problems: 1 },
  { why: 'a script of tools', path: 'tools/build', text: 'x\n'.repeat(most + 1), problems: 1 },
  { why: 'prose is not held to it', path: 'docs/a.md', text: 'x\n'.repeat(most + 1), problems: 0 },
]
