// The built console in a real browser, over the desk in memory (../fake): what unit tests cannot see.
// `node console/tests/browser/run.mjs [name]` after a build; prints "N passed, N failed".
import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import { start } from '../fake/server.mjs'
import { cases } from './cases.mjs'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
export const pictures = fileURLToPath(new URL('../../../../build/console/', import.meta.url))
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const axe = await readFile(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

await mkdir(pictures, { recursive: true })
const browser = await chromium.launch({ executablePath, args })

/** A fresh server and a fresh browser context for each case. */
async function room(options = {}) {
  const server = await start(options)
  const context = await browser.newContext({ viewport: { width: options.width ?? 1440, height: options.height ?? 900 }, locale: options.locale ?? 'en-US', colorScheme: options.dark ? 'dark' : 'light', reducedMotion: 'reduce' })
  const page = await context.newPage()
  const faults = []
  page.on('console', (message) => message.type() === 'error' && !/status of (?:401|404|503)|ERR_INTERNET_DISCONNECTED|WebSocket connection to/u.test(message.text()) && faults.push(message.text()))
  page.on('pageerror', (error) => faults.push(error.message))
  const transferred = []
  page.on('response', (answer) => transferred.push(answer))
  return {
    ...server, page, context, faults, transferred,
    open: async (path = '/inbox/mine') => {
      await page.goto(server.url + path)
      await page.locator('.lrow:visible, .sheet, .login, .conv > .bar').first().waitFor()
    },
    shot: (name) => page.screenshot({ path: `${pictures}${name}.png` }),
    /** Violations of WCAG that axe can see; the policy of the page is not touched by it. */
    async axe() {
      await page.evaluate(axe)
      const found = await page.evaluate((values) => globalThis.axe.run(document, { runOnly: { type: 'tag', values } }), tags)
      return found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join(' | ')}`)
    },
    async close() {
      await context.close()
      await server.stop()
    },
  }
}

const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length
let passed = 0
const failed = []
for (const [name, run, options] of cases) {
  if (process.argv[2] && !name.includes(process.argv[2])) continue
  const here = await room(options)
  const began = Date.now()
  try {
    await run({ ...here, assert, gzipped })
    assert.deepEqual(here.faults, [], 'nothing on the console of the browser')
    passed += 1
    console.log(`ok    ${name} (${Date.now() - began} ms)`)
  } catch (thrown) {
    failed.push(name)
    console.log(`FAIL  ${name}\n${String(thrown?.stack ?? thrown).split('\n').slice(0, 14).join('\n')}`)
    await here.shot(`failed-${failed.length}`).catch(() => undefined)
  }
  await here.close()
}
await browser.close()
console.log(`${passed} passed, ${failed.length} failed`)
process.exitCode = failed.length ? 1 : 0
