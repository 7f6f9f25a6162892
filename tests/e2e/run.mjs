// Browser tests: `npm run e2e` in web/, or `node tests/e2e/run.mjs [part] [words of a test's name]`.
// A part has browsers and a demo server of its own, so that parts may run side by side; without one all of them
// are told, one after the other. The last line is "N passed, N failed".
import { launch } from './support/chromium.mjs'
import { hasServer, startDemo } from './support/demo.mjs'
import { startProxy } from './support/proxy.mjs'
import { Rest } from './support/rest.mjs'
import { runAll } from './support/runner.mjs'

// `lines` mostly waits for networks that are gone, `pages` mostly computes: together they fill a machine evenly.
// `hops` measures time and wants the machine for itself; `widget` needs no server of ours.
const parts = {
  widget: { alone: ['sizes', 'widget_messages', 'widget_states', 'widget_access'] },
  hops: { served: ['hops'] },
  lines: { served: ['journey', 'rough'] },
  pages: { served: ['desk', 'house', 'console'] },
}

const [first, ...words] = process.argv.slice(2)
const chosen = first in parts ? [first] : Object.keys(parts)
const only = first in parts ? words[0] : first
const wantsServer = chosen.some((part) => parts[part].served)
const isSkipped = wantsServer && !hasServer()
const stops = []
let result = { passed: 0, failed: 0 }
const add = (more) => (result = { passed: result.passed + more.passed, failed: result.failed + more.failed })

/** Registers the stories of these parts; false when there are none. */
async function register(kind) {
  const files = chosen.flatMap((part) => parts[part][kind] ?? [])
  for (const file of files) await import(`./${file}.mjs`)
  return files.length > 0
}

try {
  const browser = await launch()
  stops.push(() => browser.close())
  if (await register('alone')) add(await runAll({ browser }, only))
  if (wantsServer && hasServer()) {
    const demo = await startDemo()
    stops.push(() => demo.stop())
    const line = await startProxy(demo.port)
    stops.push(() => line.stop())
    const far = await launch({ via: [[demo.port, line.port]] })
    // Browsers go home before the server does (closing one twice does nothing).
    stops.push(() => far.close(), () => browser.close())
    const rest = new Rest(demo)
    await rest.clearTheLine()
    await register('served')
    add(await runAll({ browser, far, line, demo, rest }, only))
  } else if (wantsServer) console.log('skipped: the stories with the real server (build/release/parley is not built)')
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
console.log(`${result.passed} passed, ${result.failed} failed${isSkipped ? ', 1 skipped' : ''}`)
process.exitCode = result.failed > 0 || (result.passed === 0 && !isSkipped) ? 1 : 0
