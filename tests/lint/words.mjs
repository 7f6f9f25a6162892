// Words that belong on somebody's desk and not in the project. They are put together from pieces here
// so that this file passes its own test.
export const name = 'words'

const join = (...pieces) => pieces.join('')
const forbidden = [
  [new RegExp(join('\\b(TO', 'DO|FIX', 'ME|X', 'XX|HA', 'CK)\\b')), 'finish it, or open an issue'],
  [new RegExp(join('(^|[\\s"\'`=(:])/(wo', 'rk|ro', 'ot|ho', 'me/[a-z]+|Us', 'ers/[A-Za-z]+)/[\\w.]')), 'a path of one machine'],
  [new RegExp(join('\\bregi', 'stry\\.(npmjs|yarnpkg|npmmirror)\\.|\\bdeb\\.deb', 'ian\\.org|\\bpypi', '\\.org|cra', 'tes\\.io')), 'no registry host is named: the machine knows its own'],
  [/^(<{7}|>{7}|={7})( |$)/, 'a merge that was not finished'],
]

// Mail, licences and other people's data are kept as they came.
const quoted = /^(LICENSE$|tests\/fixtures\/|tests\/fuzz\/(corpus|seeds)\/|tests\/[a-z]+\/data\/)|package-lock\.json$|\.(svg|png|eml)$/

export const applies = (path) => !quoted.test(path)

export function check(path, text) {
  const problems = []
  text.split('\n').forEach((content, index) => {
    for (const [pattern, reason] of forbidden) {
      const found = pattern.exec(content)
      if (found) problems.push({ line: index + 1, message: `"${found[0].trim()}": ${reason}` })
    }
  })
  return problems
}

export const examples = [
  { why: 'unfinished work', path: 'crm/a.cpp', text: join('// TO', 'DO later\n'), problems: 1 },
  { why: 'a path of one machine', path: 'docs/a.md', text: join('see /ho', 'me/ann/parley\n'), problems: 1 },
  { why: 'a pattern for a temporary file', path: 'crm/a.cpp', text: join('"/tmp/parley-XX', 'XXXX"\n'), problems: 0 },
  { why: 'a registry', path: 'tools/a', text: join('https://regi', 'stry.npmjs.org/\n'), problems: 1 },
  { why: 'an unfinished merge', path: 'crm/a.cpp', text: join('<<<<', '<<< HEAD\n'), problems: 1 },
  { why: 'a path within the project', path: 'docs/a.md', text: 'see web/work/list.ts and /api/v1/me\n', problems: 0 },
]
