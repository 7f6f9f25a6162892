// Headless Chromium with an empty profile, and the small things that every browser test needs.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../../..')
const require = createRequire(join(root, 'web/package.json'))
const { chromium } = require('playwright-core')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** Screenshots and other leavings of a run. */
export const shots = join(root, 'build/e2e')
mkdirSync(shots, { recursive: true })

/** `via`: [[port, proxy port]…], loopback names on the first go to the second. */
export function launch({ via } = {}) {
  const executablePath = process.env['PARLEY_CHROMIUM'] ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path))
  if (!executablePath) throw new Error('no Chromium found: install the package chromium or set PARLEY_CHROMIUM')
  // Without the background flags Chromium looks up its maker's hosts at every start.
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--force-color-profile=srgb', ...(via ? [`--host-resolver-rules=${via.map(([port, proxy]) => `MAP localhost:${port} 127.0.0.1:${proxy}, MAP *.localhost:${port} 127.0.0.1:${proxy}`).join(', ')}`] : [])],
  })
}

export const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Findings of axe in a frame, one line each; an empty list is what a test wants. */
export async function axeFindings(frame) {
  await frame.evaluate(axe)
  const result = await frame.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), axeTags)
  return result.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')} (${node.failureSummary?.split('\n')[1]?.trim()})`))
}

/** Errors that a page wrote to its console, or threw, while it was watched. */
export function watchErrors(page, { except = [] } = {}) {
  const errors = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !except.some((pattern) => pattern.test(message.text()))) errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  return errors
}
