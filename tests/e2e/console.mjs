// The console for everybody: axe, small screens, the keyboard, input methods.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { axeFindings, shots } from './support/chromium.mjs'
import { logIn } from './support/agent.mjs'
import { until } from './support/runner.mjs'
import { story } from './support/story.mjs'
import { say, visit } from './support/visitor.mjs'

// Who runs the house does not read what customers write, so the two kinds of pages are seen by two people.
const desk = ['/inbox/mine', '/inbox/all', '/search', '/profile']
const house = ['/admin/people', '/admin/teams', '/admin/skills', '/admin/inboxes', '/admin/tags', '/admin/tokens', '/admin/status']

/** Shows every page to whoever may see it, one after the other. */
async function everyPage({ browser, demo, rest }, options, look) {
  const origin = demo.console.replace(/\/$/, '')
  const { items } = await rest.call('GET', '/conversations?view=all&limit=1')
  for (const [role, pages] of [['supervisor', [...desk, `/inbox/all/${items[0].id}`]], ['admin', house]]) {
    const agent = await logIn(browser, demo, role, { ...options, allow: role === 'admin' ? [/status of 403/] : [] })
    for (const path of pages) {
      await agent.page.goto(origin + path)
      await agent.page.waitForLoadState('networkidle')
      await look(agent.page, path.replace(/\/\d+$/, '/conversation'))
    }
    assert.deepEqual(agent.errors, [])
  }
}

// What opens over the conversation, by the key that opens it.
const over = { s: 'snooze', t: 'transfer', a: 'assign', p: 'priority', l: 'tags', '?': 'shortcuts', 'Control+k': 'palette' }

for (const [language, says] of [['en', 'Waiting longest'], ['zh-CN', '等待最久']]) {
  story(`console: axe finds nothing on any page, light and dark, in ${language}`, (world) => everyPage(world, { language }, async (page, path) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    const both = async (name) => {
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme })
        await page.screenshot({ path: join(shots, `console${name.replaceAll('/', '-')}-${language}-${colorScheme}.png`) })
        assert.deepEqual(await axeFindings(page), [], `${name} ${colorScheme}`)
      }
    }
    assert.equal(await page.evaluate(() => document.documentElement.lang), language)
    if (path === '/inbox/mine') await page.waitForSelector(`.list:has-text("${says}")`)
    await both(path)
    if (!path.endsWith('conversation')) return
    for (const [key, name] of Object.entries(over)) {
      await page.evaluate(() => document.activeElement?.blur())
      await page.keyboard.press(key)
      await page.waitForSelector('[role=dialog]')
      await both(`${path}/${name}`)
      await page.keyboard.press('Escape')
      await page.waitForSelector('[role=dialog]', { state: 'detached' })
    }
  }), { limit_ms: 240_000 })
}

story('widget: axe finds nothing over the real server, light and dark, English and 中文', async ({ browser, demo }) => {
  const shop = demo.shop.replace(/\/$/, '')
  for (const [folder, locale] of [['', 'en-US'], ['zh/', 'zh-CN']]) {
    const visitor = await visit(browser, `${shop}/${folder}gaiwan-matte.html`, { locale, reducedMotion: 'reduce' })
    const panel = await visitor.open()
    const both = async (name) => {
      for (const colorScheme of ['light', 'dark']) {
        await visitor.page.emulateMedia({ colorScheme })
        await visitor.page.screenshot({ path: join(shots, `widget-served-${name}-${locale}-${colorScheme}.png`) })
        assert.deepEqual(await axeFindings(panel), [], `${name} ${locale} ${colorScheme}`)
        assert.deepEqual(await axeFindings(visitor.page), [], `shop ${name} ${locale} ${colorScheme}`)
      }
    }
    await panel.waitForSelector('.ask')
    await both('home')
    await visitor.startChat()
    await say(panel, folder ? '可以放进洗碗机吗？' : 'Is it dishwasher safe?')
    await panel.waitForSelector('.w.mine:not(.sending)')
    await both('talk')
    assert.deepEqual(visitor.errors, [])
  }
}, { limit_ms: 120_000 })

story('console: the log-in page passes axe and tells nothing about who exists', async ({ browser, demo }) => {
  const context = await browser.newContext({ locale: 'en-US' })
  try {
    const page = await context.newPage()
    await page.goto(demo.console)
    await page.waitForSelector('input[name=email]')
    assert.deepEqual(await axeFindings(page), [])
    const answers = []
    for (const email of [demo.logins[0].email, 'nobody@demo.test']) {
      await page.locator('input[name=email]').fill(email)
      await page.locator('input[type=password]').fill('not the password')
      await page.locator('button[type=submit]').click()
      await page.waitForSelector('[role=alert]')
      answers.push(await page.locator('[role=alert]').textContent())
      await page.reload()
      await page.waitForSelector('input[name=email]')
    }
    assert.equal(answers[0], answers[1])
  } finally {
    await context.close()
  }
})

story('console: nothing scrolls sideways at 320 px', (world) => everyPage(world, { viewport: { width: 320, height: 640 } }, async (page, path) => {
  await page.screenshot({ path: join(shots, `console-320${path.replaceAll('/', '-')}.png`) })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(wide <= 320, `${path}: ${wide} px wide`)
}), { limit_ms: 120_000 })

story('console: every stop of the keyboard can be seen', async ({ browser, demo, rest }) => {
  const agent = await logIn(browser, demo, 'agent')
  const { items } = await rest.call('GET', '/conversations?view=all&limit=1')
  if (items[0]) await agent.page.goto(`${demo.console.replace(/\/$/, '')}/inbox/all/${items[0].id}`)
  await agent.page.waitForLoadState('networkidle')
  const stops = []
  for (let i = 0; i < 60; i++) {
    await agent.page.keyboard.press('Tab')
    const stop = await agent.page.evaluate(() => {
      const one = document.activeElement
      if (!one || one === document.body) return null
      // A ring may be drawn on the control itself or on the field around it.
      const ringed = (element) => {
        const style = getComputedStyle(element)
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
      }
      const box = one.getBoundingClientRect()
      // A list shows its focus on the row that is active.
      const row = document.getElementById(one.getAttribute('aria-activedescendant') ?? '')
      const seen = [one, one.parentElement, row].some((each) => each && ringed(each))
      return { name: (one.getAttribute('aria-label') ?? one.textContent ?? '').trim().slice(0, 40), tag: one.tagName, seen, inside: box.bottom > 0 && box.top < innerHeight }
    })
    if (stop) stops.push(stop)
  }
  assert.ok(stops.length >= 20, `only ${stops.length} stops`)
  assert.deepEqual(stops.filter((stop) => !stop.seen || !stop.inside), [])
}, { limit_ms: 90_000 })

story('console: Enter that commits a candidate of an input method sends nothing', async ({ browser, demo, rest }) => {
  const agent = await logIn(browser, demo, 'agent')
  const { items } = await rest.call('GET', '/conversations?view=all&limit=1')
  await agent.openConversation(items[0].id)
  const before = (await rest.messages(items[0].id)).length
  const field = agent.page.locator('.comp textarea')
  await field.focus()
  const cdp = await agent.context.newCDPSession(agent.page)
  await cdp.send('Input.imeSetComposition', { text: '发货', selectionStart: 2, selectionEnd: 2 })
  for (const modifiers of [0, 2]) await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229, modifiers })
  await until('the composing text', async () => (await field.inputValue()) === '发货')
  await cdp.send('Input.insertText', { text: '发货' })
  assert.equal((await rest.messages(items[0].id)).length, before)
  await field.press('Control+Enter')
  await until('the reply', async () => (await rest.messages(items[0].id)).length === before + 1)
  assert.equal((await rest.messages(items[0].id)).at(-1).text, '发货')
})
