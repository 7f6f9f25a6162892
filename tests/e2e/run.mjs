// Browser tests: `npm run e2e` in web/, or `node tests/e2e/run.mjs [words of a test's name]`.
// One browser and one demo server for all of them. The last line is "N passed, N failed".
import { launch } from './support/chromium.mjs'
import { runAll } from './support/runner.mjs'

const only = process.argv[2]
const browser = await launch()
let result
try {
  for (const part of ['widget_messages', 'widget_states', 'widget_access']) await import(`./${part}.mjs`)
  result = await runAll({ browser }, only)
} finally {
  await browser.close()
}
console.log(`${result.passed} passed, ${result.failed} failed`)
process.exitCode = result.failed > 0 || result.passed === 0 ? 1 : 0
