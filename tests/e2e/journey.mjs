// Conversations across two origins, with the lines that break under them.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { shots } from './support/chromium.mjs'
import { logIn } from './support/agent.mjs'
import { until } from './support/runner.mjs'
import { allAgree, begun, meet, story } from './support/story.mjs'
import { bubbles, say, visit } from './support/visitor.mjs'

story('typing, read marks, pictures and who is there go both ways', async (world) => {
  const { agent, visitor, panel } = await meet(world, 'May I see the saucer?')
  await panel.waitForSelector('h1:has-text(" at ")')
  await panel.locator('textarea').pressSequentially('And the')
  await agent.page.waitForSelector('.tl .dots, .typing')
  await panel.locator('textarea').fill('')
  await agent.page.locator('.comp textarea').pressSequentially('Here')
  await panel.waitForSelector('.bub.typing')
  await agent.page.locator('.comp textarea').fill('')
  // Both paste a picture: a canvas, as a screenshot would be.
  const paste = (frame, selector) => frame.evaluate(async (field) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 30 })
    canvas.getContext('2d').fillRect(0, 0, 20, 30)
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
    const files = new DataTransfer()
    files.items.add(new File([blob], 'saucer.png', { type: 'image/png' }))
    document.querySelector(field).dispatchEvent(new ClipboardEvent('paste', { clipboardData: files, bubbles: true, cancelable: true }))
  }, selector)
  await paste(panel, 'textarea')
  await until('sent up', async () => (await panel.locator('.chip').count()) === 1 && (await panel.locator('.chip progress').count()) === 0)
  await say(panel, 'This one')
  const seen = (frame, box) => until('a picture that can be seen', () => frame.evaluate((within) => [...document.querySelectorAll(`${within} img`)].some((image) => image.naturalWidth === 40), box))
  await seen(panel, '.files')
  await seen(agent.page, '.tl')
  await paste(agent.page, '.comp textarea')
  await agent.page.waitForSelector('.comp img, .comp .file, .comp li')
  await until('sent up', async () => (await agent.page.locator('.comp .file progress').count()) === 0)
  await agent.reply('Mine')
  await panel.waitForSelector('.bub:has-text("Mine")')
  await until('two pictures', () => panel.evaluate(() => [...document.querySelectorAll('.files img')].filter((image) => image.naturalWidth === 40).length === 2))
  await panel.waitForSelector('.seen:has-text("Read")')
  assert.deepEqual(visitor.errors, [])
}, { limit_ms: 90_000 })

const lost = (name, which) => story(name, async (world) => {
  const met = await meet({ ...world, [which]: world.far }, `${which} will be cut off`)
  const { agent, panel } = met
  await agent.reply('hello')
  await panel.waitForSelector('.bub:has-text("hello")')
  world.line.cut()
  const begun = performance.now()
  // Twenty from the side with a network, and a few from the one without.
  const near = which === 'visitors' ? (text) => agent.reply(text) : (text) => say(panel, text)
  const far = which === 'visitors' ? (text) => say(panel, text) : (text) => agent.reply(text)
  for (let i = 1; i <= 20; i++) {
    await near(`near ${i}`)
    if (i % 7 === 0) await far(`far ${i}`)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, 30_000 - (performance.now() - begun))))
  if (which === 'agents') assert.notEqual(await agent.page.locator('.pill, [data-state]').first().textContent(), 'Live')
  world.line.mend()
  const stored = await allAgree(world, met, 24)
  assert.deepEqual(stored.filter((text) => text.startsWith('near')), Array.from({ length: 20 }, (_, i) => `near ${i + 1}`))
  assert.deepEqual(stored.filter((text) => text.startsWith('far')), ['far 7', 'far 14'])
}, { limit_ms: 150_000 })

lost('the visitor\'s network is gone for 30 s while the agent writes 20 messages: both end with what the database holds', 'visitors')
lost('the agent\'s network is gone for 30 s while the visitor writes 20 messages: both end with what the database holds', 'agents')

story('a colleague\'s answer that was not seen stops the second answer until it is looked at', async (world) => {
  const { agent, panel, conversation } = await meet(world, 'Who answers me?')
  const colleague = await logIn(world.far, world.demo, 'supervisor', { allow: [/WebSocket|ERR_|Failed to load/] })
  await colleague.openConversation(conversation)
  await colleague.page.waitForSelector('.tl .msg:has-text("Who answers me?")')
  world.line.cut()
  await agent.reply('I do.')
  await panel.waitForSelector('.bub:has-text("I do.")')
  await colleague.reply('We will look into it.')
  world.line.mend()
  await colleague.page.waitForSelector('.guard.warn:has-text("replied")', { timeout: 45_000 })
  assert.equal((await world.rest.messages(conversation)).length, 2)
  await colleague.page.screenshot({ path: join(shots, 'stale-reply.png') })
  await colleague.page.locator('.guard.warn .link:has-text("Review")').click()
  await colleague.page.waitForSelector('blockquote:has-text("I do.")')
  await colleague.page.locator('.guard.warn .link:has-text("Send anyway")').click()
  await panel.waitForSelector('.bub:has-text("We will look into it.")')
  assert.deepEqual((await world.rest.messages(conversation)).map((entry) => entry.text), ['Who answers me?', 'I do.', 'We will look into it.'])
}, { limit_ms: 120_000 })

story('a message sent in the moment of a reload exists once', async (world) => {
  const { agent, visitor, panel, conversation } = await meet(world, 'before')
  // Pressed and gone: the answer, if there was one, never reaches the page.
  await panel.locator('textarea').fill('in between')
  await Promise.all([panel.locator('textarea').press('Enter').catch(() => {}), visitor.page.reload()])
  const again = await visitor.open()
  await until('the message', async () => (await bubbles(again)).includes('in between') || (await again.locator('textarea').inputValue()) === 'in between')
  if ((await again.locator('textarea').inputValue()) === 'in between') await again.locator('textarea').press('Enter')
  await allAgree(world, { agent, panel: again, conversation }, 2)
}, { limit_ms: 90_000 })

story('a customer with an order is known by it: the shop says so, signed', async (world) => {
  const { demo, rest, browser } = world
  const shop = demo.shop.replace(/\/$/, '')
  const agent = await logIn(browser, demo, 'agent')
  await agent.beAvailable()
  const visitor = await visit(browser, `${shop}/gaiwan-matte.html`)
  await visitor.page.locator('.buy').click()
  await visitor.page.goto(`${shop}/basket.html`)
  await visitor.page.locator('#name').fill('Xiaoyu Lin')
  await visitor.page.locator('#email').fill(`xiaoyu.${Date.now()}@example.com`)
  await visitor.page.locator('[data-checkout] .buy').click()
  await visitor.page.waitForSelector('[data-order]:not([hidden]) h1')
  const number = (await visitor.page.locator('[data-number]').textContent()).slice(1)
  assert.equal((await rest.call('GET', `/orders/${number}`)).status, 'paid')
  await visitor.page.waitForFunction(() => globalThis.Parley?.v === 1)
  const panel = await visitor.startChat()
  await panel.waitForSelector(`.about:has-text("#${number}")`)
  await say(panel, 'When will it be sent?')
  await until('the offer', async () => (await agent.offered())?.includes('When will it be sent?'))
  await agent.accept()
  await agent.page.waitForSelector(`text=${number}`)
  const id = await agent.conversation()
  begun.push(id)
  const conversation = await rest.call('GET', `/conversations/${id}`)
  assert.equal((conversation.conversation ?? conversation).stage, 'in_sale')
  assert.equal((conversation.conversation ?? conversation).customer.verified, true)
  await rest.call('PATCH', `/orders/${number}`, { status: 'shipped' })
  await visitor.page.reload()
  await visitor.page.waitForSelector('[data-step=shipped][aria-current]')
  await visitor.page.screenshot({ path: join(shots, 'shop-order.png') })
}, { limit_ms: 90_000 })
