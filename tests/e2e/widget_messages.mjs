// The widget alone: loader, sending, being refused, files, and what is there again after a reload.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { shots } from './support/chromium.mjs'
import { until } from './support/runner.mjs'
import { scene } from './support/scene.mjs'
import { bubbles, say, visit } from './support/visitor.mjs'

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC', 'base64')

scene('the loader asks for nothing but /w/boot until it is opened, sets no cookie, and is closed off', async ({ browser, server, product }) => {
  const visitor = await visit(browser, product)
  await until('the launcher', () => visitor.page.evaluate(() => document.body.lastElementChild?.dataset.theme))
  assert.deepEqual(visitor.requests.filter((url) => url.startsWith(server.console)), [`${server.console}/w.js`, `${server.console}/w/boot?inbox=web`])
  assert.deepEqual(await visitor.context.cookies(), [])
  assert.equal(await visitor.page.evaluate(() => document.body.lastElementChild.shadowRoot), null)
  assert.equal(await visitor.page.evaluate(() => Object.keys(globalThis).filter((name) => /parley/i.test(name)).join()), 'Parley')
  await visitor.clickLauncher()
  const panel = await visitor.panel()
  await panel.waitForSelector('.ask')
  assert.ok(visitor.requests.every((url) => /^(blob|data):/.test(url) || [server.console, server.shop].includes(new URL(url).origin)), 'no third party')
  return visitor
})

scene('a server that is away when the page loads costs the chat a moment, not the visit', async ({ browser, server, product }) => {
  server.boots_refused = 1
  const visitor = await visit(browser, product, { allow: [/status of 503/] })
  await until('the launcher', () => visitor.page.evaluate(() => document.body.lastElementChild?.dataset.theme))
  await visitor.startChat()
  assert.equal(visitor.requests.filter((url) => url.includes('/w/boot')).length, 2)
  return visitor
})

scene('Esc closes and gives the focus back; the page may listen', async ({ browser, product }) => {
  const visitor = await visit(browser, product)
  await visitor.page.evaluate(() => {
    globalThis.heard = []
    for (const name of ['open', 'close', 'ready', 'sent', 'reply', 'unread']) globalThis.Parley('on', name, (detail) => globalThis.heard.push(detail === undefined ? name : `${name} ${detail}`))
  })
  const panel = await visitor.startChat()
  await until('focus in the composer', () => panel.evaluate(() => document.activeElement?.tagName === 'TEXTAREA'))
  await panel.locator('textarea').press('Escape')
  await until('focus back at the launcher', () => visitor.page.evaluate(() => document.activeElement === document.body.lastElementChild))
  assert.deepEqual((await visitor.page.evaluate(() => globalThis.heard)).filter((name) => name !== 'unread 0'), ['open', 'ready', 'close'])
  return visitor
})

scene('what is sent shows at once, is ticked when acknowledged, and is there after a reload', async ({ browser, server, product }) => {
  server.delay_ms = 300
  const visitor = await visit(browser, product)
  const panel = await visitor.startChat()
  await say(panel, 'Is it dishwasher safe?')
  await panel.waitForSelector('.w.mine')
  server.agentSays('It is, up to 70 °C.')
  await panel.waitForSelector('.w:not(.mine) .bub')
  server.event('read', { seq: 1 })
  await panel.waitForSelector('text=Read')
  await visitor.page.reload()
  const again = await visitor.open()
  await again.waitForSelector('.w:not(.mine) .bub')
  assert.deepEqual(await bubbles(again), ['Is it dishwasher safe?', 'It is, up to 70 °C.'])
  assert.equal(server.entries.length, 2)
  return visitor
})

scene('a message whose answer is lost in a reload goes out again with its cid, and exists once', async ({ browser, server, product }) => {
  const visitor = await visit(browser, product)
  const panel = await visitor.startChat()
  server.answer = () => undefined
  await say(panel, 'Hello?')
  const first = await until('the first try', () => server.heard.find((frame) => frame.op === 'say'))
  server.answer = undefined
  // The page learns of the talk by a message of its own, which on a busy machine comes after the server has heard ours.
  await visitor.page.waitForFunction(() => Object.keys(localStorage).some((key) => key.endsWith(':known')))
  await visitor.page.reload()
  const again = await visitor.panel() // known to have a talk: comes by itself
  await until('the second try', () => server.entries.length === 1)
  await again.waitForSelector('.w.mine .bub', { state: 'attached' })
  const tries = server.heard.filter((frame) => frame.op === 'say')
  assert.deepEqual(tries.map((frame) => frame.cid), [first.cid, first.cid])
  assert.deepEqual(await bubbles(again), ['Hello?'])
  return visitor
})

scene('words written without a network wait with a clock and arrive in order', async ({ browser, server, product }) => {
  const visitor = await visit(browser, product, { allow: [/WebSocket/, /ERR_INTERNET_DISCONNECTED/] })
  const panel = await visitor.startChat()
  await say(panel, 'zero')
  await until('zero', () => server.entries.length === 1)
  await visitor.context.setOffline(true)
  server.cutAll()
  await panel.waitForSelector('.pill:has-text("No network")')
  for (const text of ['one', 'two', 'three']) await say(panel, text)
  assert.equal(await panel.locator('.w.mine.sending').count(), 3)
  await visitor.context.setOffline(false)
  await until('all of it', () => server.entries.length === 4)
  assert.deepEqual(server.entries.map((entry) => entry.text), ['zero', 'one', 'two', 'three'])
  await until('no pill', async () => (await panel.locator('.pill').count()) === 0)
  await until('nothing left to send', async () => (await panel.locator('.w.mine.sending').count()) === 0)
  return visitor
})

scene('a refused message says why and can be sent again or discarded', async ({ browser, server, product }) => {
  const visitor = await visit(browser, product)
  const panel = await visitor.startChat()
  server.answer = (frame) => (frame.op === 'say' ? { op: 'err', code: 'invalid', detail: 'Leave out the card number.', retryable: false } : { op: 'ok' })
  await say(panel, 'one')
  await say(panel, 'two')
  await until('two refusals', async () => (await panel.locator('.w.mine.refused').count()) === 2)
  assert.match(await panel.locator('.refused [role=alert]').first().textContent(), /Not sent.*Leave out the card number/)
  await panel.locator('.refused button:has-text("Discard")').first().click()
  server.answer = undefined
  await panel.locator('.refused button:has-text("Send again")').click()
  await until('the entry', () => server.entries.length === 1)
  assert.deepEqual(await bubbles(panel), ['two'])
  return visitor
})

scene('Enter that commits a candidate of an input method sends nothing', async ({ browser, server, product }) => {
  const visitor = await visit(browser, product)
  const panel = await visitor.startChat()
  await panel.locator('textarea').focus()
  // The panel is another origin, so it has a target of its own; keys go to the page that has the focus.
  const cdp = await visitor.context.newCDPSession(visitor.page)
  const client = await visitor.context.newCDPSession(panel).catch(() => cdp)
  await client.send('Input.imeSetComposition', { text: '发货', selectionStart: 2, selectionEnd: 2 })
  await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 })
  await until('the composing text', async () => (await panel.locator('textarea').inputValue()) === '发货')
  assert.equal(server.heard.filter((frame) => frame.op === 'say').length, 0)
  await client.send('Input.insertText', { text: '发货' })
  await panel.locator('textarea').press('Enter')
  await until('the message', () => server.entries.length === 1)
  assert.equal(server.entries[0].text, '发货')
  return visitor
})

scene('Shift+Enter makes a new line', async ({ browser, server, product }) => {
  const visitor = await visit(browser, product)
  const panel = await visitor.startChat()
  await panel.locator('textarea').pressSequentially('a')
  await panel.locator('textarea').press('Shift+Enter')
  await panel.locator('textarea').pressSequentially('b')
  await panel.locator('textarea').press('Enter')
  await until('the message', () => server.entries.length === 1)
  assert.equal(server.entries[0].text, 'a\nb')
  return visitor
})

scene('files come by paste, by picker and by drop, with progress, and too large ones are told apart', async ({ browser, server, product }) => {
  const visitor = await visit(browser, product)
  const panel = await visitor.startChat()
  const give = (kind) => panel.evaluate(([base64, kind]) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const files = new DataTransfer()
    files.items.add(new File([bytes], `${kind}.png`, { type: 'image/png' }))
    const event = kind === 'paste'
      ? new ClipboardEvent('paste', { clipboardData: files, bubbles: true, cancelable: true })
      : new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true })
    document.querySelector('textarea').dispatchEvent(event)
  }, [png.toString('base64'), kind])
  await give('paste')
  await panel.locator('input[type=file]').setInputFiles({ name: 'picked.png', mimeType: 'image/png', buffer: png })
  await give('drop')
  await until('three files', async () => (await panel.locator('.chip').count()) === 3)
  await until('all sent up', async () => (await panel.locator('.chip progress').count()) === 0)
  await panel.locator('input[type=file]').setInputFiles({ name: 'fourth.png', mimeType: 'image/png', buffer: png })
  await panel.waitForSelector('.hint:has-text("At most 3 files")')
  await panel.locator('button[aria-label="Remove drop.png"]').click()
  await panel.locator('input[type=file]').setInputFiles({ name: 'huge.png', mimeType: 'image/png', buffer: Buffer.alloc(1_000_001) })
  await panel.waitForSelector('.chip.wrong:has-text("larger than 1 MB")')
  await panel.locator('button[aria-label="Remove huge.png"]').click()
  await visitor.page.screenshot({ path: join(shots, 'widget-files.png') })
  await panel.locator('button[aria-label=Send]').click()
  await until('the message', () => server.entries.length === 1)
  assert.deepEqual(server.entries[0].attachments.map((file) => file.name), ['paste.png', 'picked.png'])
  await until('both pictures', () => panel.evaluate(() => [...document.querySelectorAll('.files img')].filter((image) => image.naturalWidth === 10).length === 2))
  return visitor
})

scene('a page of the same site keeps the chat in local storage, one of another site in a partitioned cookie', async ({ browser, server, product }) => {
  const kept = () => [Object.keys(localStorage).filter((name) => name.startsWith('parley')).length, document.cookie.split('; ').filter((pair) => pair.startsWith('parley')).length]
  const near = await visit(browser, `${server.console}/host.html`)
  assert.deepEqual(await (await near.startChat()).evaluate(kept), [1, 0])
  const far = await visit(browser, product)
  const panel = await far.startChat()
  const denied = await panel.evaluate(() => {
    try {
      return !localStorage
    } catch {
      return true
    }
  })
  if (denied) assert.equal(await panel.evaluate(() => document.cookie.split('; ').filter((pair) => pair.startsWith('parley')).length), 1)
  else assert.deepEqual(await panel.evaluate(kept), [1, 0])
  return far
})

scene('files sent up but not yet sent off are there after a reload, and so is the text', async ({ browser, server, product }) => {
  const visitor = await visit(browser, product)
  const panel = await visitor.startChat()
  await say(panel, 'first')
  await panel.locator('textarea').fill('half a thou')
  await panel.locator('input[type=file]').setInputFiles({ name: 'picked.png', mimeType: 'image/png', buffer: png })
  await until('sent up', async () => server.uploads.size === 1 && (await panel.locator('.chip progress').count()) === 0)
  await visitor.page.reload()
  const again = await visitor.startChat()
  assert.equal(await again.locator('textarea').inputValue(), 'half a thou')
  assert.equal(await again.locator('.chip').count(), 1)
  await again.locator('button[aria-label=Send]').click()
  await until('the message', () => server.entries.length === 2)
  assert.equal(server.entries[1].attachments[0].name, 'picked.png')
  return visitor
})
