// What axe can see, on every screen, light and dark, and the page at 320 px.
import { withOffer } from './offer.mjs'

const screens = [
  ['the inbox', '/inbox/mine'], ['a conversation', '/inbox/mine/71'], ['search', '/search?q=matte'], ['the profile', '/profile'], ['people', '/admin/people'],
  ['an inbox', '/admin/inboxes/3'], ['tokens', '/admin/tokens'], ['the status', '/admin/status'],
]

const axeCases = screens.flatMap(([name, path]) => [false, true].map((dark) => [
  `axe finds nothing on ${name}, ${dark ? 'dark' : 'light'}`,
  async ({ open, page, axe, assert, desk }) => {
    if (path === '/inbox/mine') setTimeout(() => withOffer(desk), 300)
    await open(path)
    await page.waitForTimeout(900)
    assert.deepEqual(await axe(), [])
  },
  { dark },
]))

const kept = (page, preferences) => page.addInitScript((value) => localStorage.setItem('parley.preferences', JSON.stringify(value)), preferences)

axeCases.push(
  ['axe finds nothing in Chinese', async ({ open, page, axe, assert }) => {
    await kept(page, { locale: 'zh-CN' })
    await open('/inbox/mine/71')
    await page.locator('.ctx .sum').waitFor()
    assert.deepEqual(await axe(), [])
  }],
  ['axe finds nothing in high contrast, with a menu open', async ({ open, page, axe, assert }) => {
    await open('/inbox/mine/71')
    for (let turn = 0; turn < 3; turn += 1) await page.keyboard.press('Control+Shift+l')
    await page.locator('.conv .bar .stage.control').click()
    await page.locator('[role=menu]').waitFor()
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'contrast')
    assert.deepEqual(await axe(), [])
  }],
  ['axe finds nothing in the palette and the dialogs', async ({ open, page, axe, assert }) => {
    await open('/inbox/mine/71')
    await page.keyboard.press('Control+k')
    await page.locator('.pal input').waitFor()
    assert.deepEqual(await axe(), [])
    await page.keyboard.press('Escape')
    for (const key of ['t', 's', 'l', '?']) {
      await page.keyboard.press(key)
      await page.locator('.dialog').waitFor()
      assert.deepEqual(await axe(), [], `the dialog of ${key}`)
      await page.keyboard.press('Escape')
      await page.locator('.dialog').waitFor({ state: 'detached' })
    }
  }],
  ['axe finds nothing on a phone', async ({ open, page, axe, assert, shot }) => {
    await open('/inbox/mine/71')
    await page.locator('.msg').first().waitFor()
    await shot('phone-conversation')
    assert.deepEqual(await axe(), [])
    await page.locator('.conv .bar a').first().click()
    await page.locator('.lrow').first().waitFor()
    await shot('phone-list')
    assert.deepEqual(await axe(), [])
  }, { width: 390, height: 844 }],
  ['axe finds nothing at the door', async ({ page, desk, url, axe, assert }) => {
    desk.loggedIn = false
    await page.goto(url)
    await page.locator('form').waitFor()
    assert.deepEqual(await axe(), [])
  }],
)

const reflowCases = screens.map(([name, path]) => [
  `${name} needs no sideways scrolling at 320 px`,
  async ({ open, page, assert }) => {
    await open(path)
    await page.waitForTimeout(500)
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320)
  },
  { width: 320, height: 640 },
])

export const accessibility = [...axeCases, ...reflowCases]
