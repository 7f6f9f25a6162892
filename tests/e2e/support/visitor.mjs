// A visitor's browser on a shop page, with the panel's frame at hand.
import { until } from './runner.mjs'
import { watchErrors } from './chromium.mjs'

const open = new Set()

/** Closes every visitor of the test that has just ended. */
export async function goHome() {
  await Promise.all([...open].map((visitor) => visitor.context.close()))
  open.clear()
}

/** What everybody sees right now, for whoever looks into a failure. */
export async function pictures(path) {
  let count = 0
  for (const { page } of open) await page.screenshot({ path: `${path}-visitor-${(count += 1)}.png` }).catch(() => {})
}

export async function visit(browser, url, options = {}) {
  const { allow = [], ...contextOptions } = options
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', ...contextOptions })
  const page = await context.newPage()
  const visitor = { context, page, errors: watchErrors(page, { except: allow }), requests: [] }
  page.on('request', (request) => visitor.requests.push(request.url()))
  open.add(visitor)
  await page.goto(url)
  await page.waitForFunction(() => globalThis.Parley?.v === 1)

  /** The panel's frame, once it is there and drawn. */
  visitor.panel = async () => {
    const frame = await until('the panel', () => page.frames().find((one) => one.url().includes('/w/panel')))
    await frame.waitForSelector('.panel', { state: 'attached' })
    return frame
  }
  visitor.open = async () => {
    await page.evaluate(() => globalThis.Parley('open'))
    return visitor.panel()
  }
  /** From wherever the panel opened to the composer. */
  visitor.startChat = async () => {
    const panel = await visitor.open()
    await panel.waitForSelector('.ask, textarea')
    if (await panel.locator('.ask').count()) await panel.locator('.ask').first().click()
    await panel.waitForSelector('.wc textarea')
    return panel
  }
  /** The launcher sits in a closed shadow root: only a real pointer reaches it. */
  visitor.clickLauncher = async () => {
    const { width, height } = page.viewportSize()
    await page.mouse.click(width - 48, height - 48)
  }
  return visitor
}

export async function say(panel, text) {
  await panel.locator('.wc textarea').fill(text)
  await panel.locator('.wc textarea').press('Enter')
}

/** What stands in the talk, our drafts included: texts in order. */
export const bubbles = (panel) => panel.locator('.bub:not(.typing)').allTextContents()
