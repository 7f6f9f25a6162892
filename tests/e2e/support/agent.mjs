// An agent's browser with the console, logged in.
import { until } from './runner.mjs'
import { watchErrors } from './chromium.mjs'

const open = new Set()
// Logging in is throttled by account, as it should be: each person logs in once in each browser, and
// stories open their pages in that.
const sessions = new Map()

export async function sendAgentsHome() {
  await Promise.all([...open].map((agent) => agent.page.close()))
  open.clear()
}

export async function agentPictures(path) {
  let count = 0
  for (const { page } of open) await page.screenshot({ path: `${path}-agent-${(count += 1)}.png` }).catch(() => {})
}

/** Past the log-in: the inbox, or for who may not read it the pages that run the house. */
const inside = (page) => page.waitForSelector('[role=listbox], .rail', { state: 'attached' })

async function sessionOf(browser, demo, login) {
  const held = sessions.get(browser) ?? new Map()
  sessions.set(browser, held)
  const who = `${demo.console} ${login.email}`
  if (held.has(who)) return held.get(who)
  const context = await browser.newContext({ locale: 'en-US' })
  const page = await context.newPage()
  await page.goto(demo.console)
  await page.locator('input[name=email]').fill(login.email)
  await page.locator('input[type=password]').fill(login.password)
  await page.locator('button[type=submit]').click()
  await inside(page)
  await page.close()
  held.set(who, context)
  return context
}

/** `allow`: patterns of console errors that the story brings about itself. */
export async function logIn(browser, demo, role, { allow = [], viewport = { width: 1440, height: 900 }, colorScheme = 'light', language = 'en' } = {}) {
  const login = demo.logins.find((one) => one.role === role)
  if (!login) throw new Error(`the demo has no login for ${role}: ${demo.logins.map((one) => one.role)}`)
  const context = await sessionOf(browser, demo, login)
  const page = await context.newPage()
  await page.setViewportSize(viewport)
  await page.emulateMedia({ colorScheme })
  // Colleagues share what a browser has stored: each page chooses its language anew.
  await page.addInitScript((locale) => {
    const shelf = 'parley.preferences'
    localStorage.setItem(shelf, JSON.stringify({ ...JSON.parse(localStorage.getItem(shelf) ?? '{}'), locale }))
  }, language)
  const errors = watchErrors(page, { except: allow })
  const agent = { context, page, errors, login }
  open.add(agent)
  await page.goto(demo.console)
  await inside(page)

  /** From now on conversations are offered. */
  agent.beAvailable = async () => {
    const menu = page.locator('button[aria-haspopup=menu]:has(.pres)')
    if (await menu.locator('.pres.available').count()) return
    await menu.click()
    await page.getByRole('menuitem', { name: 'Available' }).click()
    await menu.locator('.pres.available').waitFor()
  }
  /** The first words of the offer on screen, or undefined. */
  agent.offered = async () => (await page.locator('.offer').count() ? page.locator('.offer').first().textContent() : undefined)
  agent.accept = () => page.locator('.offer .btn.pri').click()
  agent.decline = () => page.locator('.offer .btn:not(.pri)').click()
  agent.openConversation = async (id, view = 'all') => {
    await page.goto(`${demo.console.replace(/\/$/, '')}/inbox/${view}/${id}`)
    await page.waitForSelector('.comp textarea')
  }
  agent.reply = async (text) => {
    await page.locator('.comp textarea').fill(text)
    await page.locator('.comp .split .btn.pri').first().click()
  }
  /** Public words in the thread, oldest first, pending ones too. */
  agent.words = () => page.locator('.tl .e:not(.note) .msg').allTextContents()
  /** The conversation that is open. */
  agent.conversation = () => until('an open conversation', () => /\/inbox\/\w+\/(\d+)/.exec(page.url())?.[1])
  return agent
}
