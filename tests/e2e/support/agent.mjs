// An agent's browser with the console, logged in.
import { until } from './runner.mjs'
import { watchErrors } from './chromium.mjs'

const open = new Set()
// Logging in is throttled by account, as it should be: one log-in for each person and run.
const sessions = new Map()

export async function sendAgentsHome() {
  await Promise.all([...open].map((agent) => agent.context.close()))
  open.clear()
}

export async function agentPictures(path) {
  let count = 0
  for (const { page } of open) await page.screenshot({ path: `${path}-agent-${(count += 1)}.png` }).catch(() => {})
}

export async function logIn(browser, demo, role, { allow = [], ...options } = {}) {
  const login = demo.logins.find((one) => one.role === role)
  if (!login) throw new Error(`the demo has no login for ${role}: ${demo.logins.map((one) => one.role)}`)
  const storageState = sessions.get(login.email)
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US', ...(storageState && { storageState }), ...options })
  const page = await context.newPage()
  // The console asks who is logged in before anybody is.
  const errors = watchErrors(page, { except: [/status of 401/, ...allow] })
  const agent = { context, page, errors, login }
  open.add(agent)
  await page.goto(demo.console)
  if (!storageState) {
    await page.locator('input[name=email]').fill(login.email)
    await page.locator('input[type=password]').fill(login.password)
    await page.locator('button[type=submit]').click()
    await page.waitForURL(/\/inbox\//)
    const { cookies } = await context.storageState()
    sessions.set(login.email, { cookies, origins: [] })
  }
  await page.waitForURL(/\/inbox\//)
  await page.waitForSelector('[role=listbox], .lrow, .list')

  /** From now on conversations are offered. */
  agent.beAvailable = async () => {
    const menu = page.locator('button[aria-haspopup=menu]:has(.pres)')
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
