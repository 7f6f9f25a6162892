// Who may include what. The rooms stand in a row and each sees only what is to its left; each
// third-party library is kept behind one file or folder, so that it can be replaced there.
export const name = 'layers'

const rooms = ['crm', 'routing', 'channels', 'gateway']

// header pattern, files that may include it (tests are named where they need the real thing), reason
const walls = [
  [/^sqlite3\.h$/, [/^crm\/store\/sqlite/, /^tests\/(store|support|bench)\//], 'SQLite stays in crm/store/sqlite*'],
  [/^(cppconn|mysql)/, [/^crm\/store\/mysql/, /^tests\/(store|support|bench)\//], 'Connector/C++ stays in crm/store/mysql*'],
  [/^curl\//, [/^channels\/(http_client|courier|http|smtp|imap)/, /^tests\//], 'libcurl stays in the outgoing client of channels/'],
  [/^boost\/beast/, [/^gateway\/net\//, /^tests\/(server|support|bench|torture|fuzz)\//], 'Beast stays in the HTTP and WebSocket files of gateway/'],
  [/^gmime\//, [/^channels\/email\//], 'GMime stays in channels/email'],
  [/^spdlog\//, [/^crm\/base\/log\.cpp$/], 'spdlog stays in crm/base/log.cpp'],
  [/^sodium/, [/^crm\/base\//, /^gateway\/(password|secrets|seal)/], 'libsodium stays in crm/base and the password code'],
  [/^CLI\//, [/^gateway\/(main|cli|command)/], 'CLI11 stays in the command line of gateway/'],
  [/^toml/, [/^gateway\/settings/], 'toml++ stays in gateway/settings*'],
  [/^(jpeglib|png|gif_lib)\.h$|^webp\//, [/^gateway\/pictures\//], 'picture decoders stay in gateway/pictures, whose code runs in a child process'],
  [/^catch2\//, [/^tests\//, /^cmake\//], 'Catch2 is for tests'],
]

export const applies = (path) => /\.(cpp|hpp)$/.test(path)

export function check(path, text) {
  const problems = []
  const here = rooms.indexOf(path.split('/')[0])
  if (path.endsWith('.hpp') && !/^#pragma once$/m.test(text)) {
    problems.push({ line: 1, message: 'a header says #pragma once' })
  }
  text.split('\n').forEach((content, index) => {
    const include = /^\s*#\s*include\s*([<"])([^>"]+)[>"]/.exec(content)
    if (!include) return
    const [, quote, target] = include
    const line = index + 1
    if (quote === '"') {
      const room = target.split('/')[0]
      if (!rooms.includes(room) && !(room === 'tests' && path.startsWith('tests/'))) {
        problems.push({ line, message: `include "${target}" by its path from the top, below one of: ${rooms.join(', ')}` })
      } else if (here >= 0 && rooms.indexOf(room) > here) {
        problems.push({ line, message: `${rooms[here]} must not include "${target}": a room sees only what is to its left (${rooms.join(' <- ')})` })
      }
      return
    }
    for (const [header, homes, reason] of walls) {
      if (header.test(target) && !homes.some((home) => home.test(path))) {
        problems.push({ line, message: `<${target}>: ${reason}` })
      }
    }
  })
  return problems
}

export const examples = [
  { why: 'a room may include what is to its left', path: 'routing/a.cpp', text: '#include "crm/base/time.hpp"\n', problems: 0 },
  { why: 'a room must not include what is to its right', path: 'crm/a.cpp', text: '#include "gateway/hub.hpp"\n', problems: 1 },
  { why: 'no relative includes', path: 'crm/a.cpp', text: '#include "../b.hpp"\n#include "b.hpp"\n', problems: 2 },
  { why: 'SQLite outside its home', path: 'crm/customer.cpp', text: '#include <sqlite3.h>\n', problems: 1 },
  { why: 'SQLite at home', path: 'crm/store/sqlite.cpp', text: '#include <sqlite3.h>\n', problems: 0 },
  { why: 'a picture decoder in the server itself', path: 'gateway/uploads.cpp', text: '#include <png.h>\n', problems: 1 },
  { why: 'Beast in routing', path: 'routing/a.cpp', text: '#include <boost/beast/http.hpp>\n', problems: 1 },
  { why: 'a header without #pragma once', path: 'crm/a.hpp', text: 'struct a;\n', problems: 1 },
  { why: 'tests include their support', path: 'tests/unit/a.cpp', text: '#include "tests/support/crm_database.hpp"\n', problems: 0 },
  { why: 'a room never includes tests', path: 'crm/a.cpp', text: '#include "tests/support/crm_database.hpp"\n', problems: 1 },
]
