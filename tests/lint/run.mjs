// Runs the project's own lints: node tests/lint/run.mjs
// Each lint is one file that exports `name`, `applies(path)`, `check(path, text)` returning a list of
// {line, message}, and `examples`: sources with the number of problems the lint must find in them. An
// example that does not come out as written fails the run, so no lint can go blind unnoticed.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as layers from './layers.mjs'
import * as length from './length.mjs'
import * as sql from './sql.mjs'
import * as words from './words.mjs'
import * as colours from './colours.mjs'
import * as directions from './directions.mjs'
import * as messages from './messages.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const lints = [layers, length, sql, words, colours, directions, messages]
let passed = 0
let failed = 0

function report(ok, what) {
  if (ok) passed += 1
  else {
    failed += 1
    console.log(`FAILED: ${what}`)
  }
}

for (const lint of lints) {
  for (const example of lint.examples) {
    const found = lint.applies(example.path) ? lint.check(example.path, example.text).length : 0
    report(
      found === example.problems,
      `self-test of ${lint.name}: "${example.why}" should give ${example.problems} problems, gave ${found}`,
    )
  }
}

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 1 << 26,
})
const paths = [...new Set(listed.split('\0').filter(Boolean))]
const texts = new Map()
function text_of(path) {
  if (!texts.has(path)) {
    let text = null
    try {
      const bytes = readFileSync(root + path)
      if (!bytes.includes(0)) text = bytes.toString('utf8')
    } catch (error) {
      // Deleted in the working tree, or a submodule's folder: nothing to hold against a rule.
      if (error.code !== 'ENOENT' && error.code !== 'EISDIR') throw error
    }
    texts.set(path, text)
  }
  return texts.get(path)
}

for (const lint of lints) {
  let problems = 0
  for (const path of paths) {
    if (!lint.applies(path)) continue
    const text = text_of(path)
    if (text === null) continue
    for (const problem of lint.check(path, text)) {
      problems += 1
      console.log(`${path}:${problem.line}: ${lint.name}: ${problem.message}`)
    }
  }
  report(problems === 0, `${lint.name}: ${problems} problems`)
}

console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
