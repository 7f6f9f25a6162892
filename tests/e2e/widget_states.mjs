// The widget alone: who is there, hours, forms, language, context and identity.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { axeFindings, shots } from './support/chromium.mjs'
import { until } from './support/runner.mjs'
import { scene } from './support/scene.mjs'
import { say, visit } from './support/visitor.mjs'

scene('the place in line, who comes and goes, typing, and the end are told in words', async ({ browser, server, product }) => {
  const visitor = await visit(browser, product)
  const panel = await visitor.startChat()
  await say(panel, 'hello')
  await until('the entry', () => server.entries.length === 1)
  server.live('queue', { place: 3, wait_ms: 300_000 })
  await panel.waitForSelector('text=You are number 3 in line. It takes about 5 minutes.')
  await visitor.page.screenshot({ path: join(shots, 'widget-queue.png') })
  server.change({ agent: { name: 'Ana Flores' } })
  await panel.waitForSelector('text=Ana Flores is here')
  await panel.waitForSelector('h1:has-text("Ana Flores at Tidewater")')
  assert.equal(await panel.locator('.place').count(), 0)
  server.live('typing', { who: { name: 'Ana Flores' }, on: true })
  await panel.waitForSelector('.typing')
  server.agentSays('Hi')
  await until('no dots', async () => (await panel.locator('.typing').count()) === 0)
  server.change({ agent: null })
  await panel.waitForSelector('text=Ana Flores has left')
  server.change({ status: 'resolved' })
  await panel.waitForSelector('text=This chat has ended')
  await panel.locator('textarea').pressSequentially('more')
  await until('our typing', () => server.heard.some((frame) => frame.op === 'typing' && frame.on === true))
  return visitor
})

scene('what comes while closed is counted on the launcher, and read when opened', async ({ browser, server, product }) => {
  const visitor = await visit(browser, product)
  const panel = await visitor.startChat()
  await say(panel, 'hello')
  await visitor.page.evaluate(() => {
    globalThis.Parley('on', 'unread', (count) => (globalThis.unread = count))
    globalThis.Parley('close')
  })
  // The panel is another page, and hears of it a moment later.
  await until('the panel is closed', () => visitor.page.locator('iframe').first().isHidden())
  await panel.evaluate(() => new Promise((done) => setTimeout(done, 100)))
  server.agentSays('one')
  server.agentSays('two')
  await until('two unread', () => visitor.page.evaluate(() => globalThis.unread === 2))
  await visitor.page.screenshot({ path: join(shots, 'widget-unread.png') })
  await visitor.clickLauncher()
  await until('none unread', () => visitor.page.evaluate(() => globalThis.unread === 0))
  await until('told to the server', () => server.heard.some((frame) => frame.op === 'read' && frame.seq === 3))
  return visitor
})

scene('the form before a chat is checked here and sent first', async ({ browser, server, product }) => {
  server.inbox.form = [{ name: 'name', label: 'Name', type: 'text' }, { name: 'email', label: 'E-mail', type: 'email', required: true }]
  const visitor = await visit(browser, product)
  const panel = await visitor.open()
  await panel.locator('.ask').first().click()
  await panel.locator('button:has-text("Start")').click()
  await panel.waitForSelector('.wrong:has-text("Please fill this in")')
  assert.equal(await panel.evaluate(() => document.activeElement.id), 'f-email')
  await panel.locator('#f-email').fill('not an address')
  await panel.locator('#f-email').press('Enter')
  await panel.waitForSelector('.wrong:has-text("does not look like")')
  assert.deepEqual(await axeFindings(panel), [])
  await panel.locator('#f-email').fill('xin@example.com')
  await panel.locator('#f-email').press('Enter')
  await panel.waitForSelector('textarea')
  await say(panel, 'hello')
  await until('the message', () => server.entries.length === 1)
  assert.deepEqual(server.heard.filter((frame) => ['form', 'say'].includes(frame.op)).map((frame) => [frame.op, frame.fields]), [['form', { email: 'xin@example.com' }], ['say', undefined]])
  return visitor
})

scene('outside hours a message can be left', async ({ browser, server, product }) => {
  server.inbox.open = false
  server.inbox.opens_at = (Date.now() + 12 * 3_600_000) * 1000
  const visitor = await visit(browser, product)
  const panel = await visitor.open()
  await panel.waitForSelector('text=We are back')
  await panel.locator('.ask').click()
  await panel.locator('#f-email').fill('xin@example.com')
  await panel.locator('#f-text').fill('Does it ship abroad?')
  assert.deepEqual(await axeFindings(panel), [])
  await panel.locator('button:has-text("Send message")').click()
  await panel.waitForSelector('text=We answer by e-mail')
  assert.equal(server.heard.find((frame) => frame.op === 'leave_message').text, 'Does it ship abroad?')
  return visitor
})

scene('the language follows the page, can be switched, and stays switched', async ({ browser, server }) => {
  const visitor = await visit(browser, `${server.shop}/zh/gaiwan-matte.html`)
  const panel = await visitor.open()
  await panel.waitForSelector('text=开始聊天')
  assert.equal(await panel.evaluate(() => document.documentElement.lang), 'zh-CN')
  await panel.locator('.lang').click()
  await panel.waitForSelector('text=Start a chat')
  await until('the server knows', () => server.heard.some((frame) => frame.op === 'hello' && frame.locale === 'en'))
  await visitor.page.reload()
  await (await visitor.open()).waitForSelector('text=Start a chat')
  return visitor
})

scene('page, ware and order are passed on, shown, and can be left out', async ({ browser, server, product }) => {
  const visitor = await visit(browser, product)
  const panel = await visitor.startChat()
  await panel.waitForSelector('.about:has-text("Gaiwan set, matte")')
  const hello = server.heard.find((frame) => frame.op === 'hello')
  assert.equal(hello.page.url, product)
  assert.equal(hello.page.product, 'gaiwan-matte')
  assert.match(hello.page.title, /Tidewater/)
  await visitor.page.evaluate(() => globalThis.Parley('update', { order: 'A10293' }))
  await panel.waitForSelector('.about:has-text("#A10293")')
  await until('the server knows', () => server.heard.some((frame) => frame.op === 'page' && frame.order === 'A10293'))
  await panel.locator('.about button').click()
  await until('no bar', async () => (await panel.locator('.about').count()) === 0)
  return visitor
})

scene('signed identity and log-out go to the server, strangers\' messages do not', async ({ browser, server, product }) => {
  server.strict = false
  const visitor = await visit(browser, product)
  const panel = await visitor.startChat()
  await say(panel, 'hello')
  await until('the entry', () => server.entries.length === 1)
  // Another frame of the page, and one that pretends to be the panel, shout at both sides.
  await visitor.page.evaluate(async () => {
    globalThis.Parley('on', 'unread', (count) => (globalThis.fooled = count))
    const evil = document.createElement('iframe')
    evil.srcdoc = '<script>parent.postMessage({parley:1,type:"unread",count:99},"*");for(const f of [...Array(parent.frames.length).keys()])parent.frames[f].postMessage({parley:1,type:"logout"},"*")</script>'
    document.body.append(evil)
    await new Promise((resolve) => setTimeout(resolve, 300))
  })
  assert.equal(await visitor.page.evaluate(() => globalThis.fooled), undefined)
  assert.equal(server.heard.some((frame) => frame.op === 'rotate'), false)
  await visitor.page.evaluate(() => globalThis.Parley('identify', 'aaa.eyJzdWIiOiJjOSJ9.ccc'))
  await until('identify', () => server.heard.some((frame) => frame.op === 'identify' && frame.identity === 'aaa.eyJzdWIiOiJjOSJ9.ccc'))
  await visitor.page.evaluate(() => globalThis.Parley('logout'))
  await until('rotate', () => server.heard.some((frame) => frame.op === 'rotate'))
  await until('a new greeting without the token', () => server.heard.filter((frame) => frame.op === 'hello').at(-1).token === undefined)
  return visitor
})
