// Browser tests: `npm run e2e` in web/, or `node tests/e2e/run.mjs [words of a test's name]`.
// One demo server for all of them, one browser with a network and one that can lose it. The last line is
// "N passed, N failed".
import { launch } from './support/chromium.mjs'
import { hasServer, startDemo } from './support/demo.mjs'
import { startProxy } from './support/proxy.mjs'
import { Rest } from './support/rest.mjs'
import { runAll } from './support/runner.mjs'

const only = process.argv[2]
const stops = []
let result = { passed: 0, failed: 0 }
const add = (more) => (result = { passed: result.passed + more.passed, failed: result.failed + more.failed })

try {
  const browser = await launch()
  stops.push(() => browser.close())
  for (const part of ['sizes', 'widget_messages', 'widget_states', 'widget_access']) await import(`./${part}.mjs`)
  add(await runAll({ browser }, only))
  if (hasServer()) {
    const demo = await startDemo()
    stops.push(() => demo.stop())
    const line = await startProxy(demo.port)
    stops.push(() => line.stop())
    const far = await launch({ via: [[demo.port, line.port]] })
    // Browsers go home before the server does (closing one twice does nothing).
    stops.push(() => far.close(), () => browser.close())
    for (const part of ['journey', 'desk', 'house', 'rough', 'console']) await import(`./${part}.mjs`)
    const rest = new Rest(demo)
    await rest.clearTheLine()
    add(await runAll({ browser, far, line, demo, rest }, only))
  } else console.log('skipped: the stories with the real server (build/release/parley is not built)')
} catch (error) {
  console.log(`FAILED  ${error?.stack ?? error}`)
  result.failed += 1
} finally {
  for (const stop of stops.reverse()) {
    await stop().catch((error) => {
      console.log(`FAILED  ${error}`)
      result.failed += 1
    })
  }
}
console.log(`${result.passed} passed, ${result.failed} failed${hasServer() ? '' : ', 1 skipped'}`)
process.exitCode = result.failed > 0 || result.passed === 0 ? 1 : 0
