// The widget alone, in a real browser, against a stand-in server: every state, also those hard to reach otherwise.
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { axeFindings, root, shots } from './support/chromium.mjs'
import { test, until } from './support/runner.mjs'
import { bubbles, goHome, say, visit } from './support/visitor.mjs'
import { ChatServer } from './support/chat_server.mjs'

const dist = join(root, 'web/dist/widget')
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC', 'base64')

/** A test with a server of its own that forgets everything afterwards. */
function scene(name, body, options) {
  test(`widget: ${name}`, async ({ browser }) => {
    const server = await new ChatServer().start()
    try {
      const errors = await body({ browser, server, product: `${server.shop}/gaiwan-matte.html` })
      assert.deepEqual(errors?.errors ?? [], [], 'errors in the browser console')
    } finally {
      await goHome()
      await server.stop()
    }
  }, options)
}

test('widget: the loader fits in 4 KB and the panel in 40 KB', async () => {
  const size = (path) => gzipSync(readFileSync(path), { level: 9 }).length
  const loader = size(join(dist, 'w.js'))
  const panel = readdirSync(join(dist, 'assets')).reduce((sum, file) => sum + size(join(dist, 'assets', file)), size(join(dist, 'panel.html')))
  console.log(`        loader ${loader} B, panel ${panel} B (gzip)`)
  assert.ok(loader <= 4_000 && panel <= 40_000)
})

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
  await until('all of it', () => server.entries.length === 4, 10_000)
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

scene('axe finds nothing, light and dark, English and 中文', async ({ browser, server }) => {
  const hours = (count) => (Date.now() - count * 3_600_000) * 1000
  server.entries = [
    { id: 'e1', seq: 1, kind: 'message', author: { kind: 'customer' }, text: 'Is it safe?', happened: hours(30), attachments: [] },
    { id: 'e2', seq: 2, kind: 'message', author: { kind: 'agent', name: 'Ana Flores' }, text: 'It is.', happened: hours(29), attachments: [{ id: '9', name: 'care.pdf', media_type: 'application/pdf', size: 20_400, url: '/w/attachments/9' }] },
    { id: 'e3', seq: 3, kind: 'order', author: { kind: 'system' }, text: '', happened: hours(2), details: { number: 'A10293', status: 'shipped', total_minor: 160_800, currency: 'CNY', lines: [{ name: 'Gaiwan set', quantity: 6 }] } },
    { id: 'e4', seq: 4, kind: 'message', author: { kind: 'agent', name: 'Ana Flores' }, text: '', redacted: true, happened: hours(1), attachments: [] },
  ]
  server.conversation = { id: '1', status: 'open', seq: 4, agent: { name: 'Ana Flores' } }
  let last
  for (const colorScheme of ['light', 'dark']) {
    for (const language of ['', 'zh/']) {
      const visitor = (last = await visit(browser, `${server.shop}/${language}gaiwan-matte.html`, { colorScheme }))
      const panel = await visitor.startChat()
      await panel.waitForSelector('.ordc')
      const name = `${language ? 'zh' : 'en'}-${colorScheme}`
      await visitor.page.screenshot({ path: join(shots, `widget-talk-${name}.png`) })
      assert.deepEqual(await axeFindings(panel), [], `talk ${name}`)
      await panel.locator('.pf .link').first().click()
      assert.deepEqual(await axeFindings(panel), [], `privacy ${name}`)
      assert.deepEqual(await axeFindings(visitor.page), [], `shop ${name}`)
      await visitor.context.close()
    }
  }
  server.entries = []
  server.conversation = null
  for (const colorScheme of ['light', 'dark']) {
    const visitor = await visit(browser, `${server.shop}/gaiwan-matte.html`, { colorScheme })
    const panel = await visitor.open()
    await panel.waitForSelector('.ask')
    await visitor.page.screenshot({ path: join(shots, `widget-home-${colorScheme}.png`) })
    assert.deepEqual(await axeFindings(panel), [], `home ${colorScheme}`)
  }
  return last
}, { limit_ms: 60_000 })

scene('nothing scrolls sideways at 320 px, at 200 %, or from right to left, and phones get the whole screen', async ({ browser, server, product }) => {
  const long = 'Donaudampfschifffahrtsgesellschaftskapitänswitwe'.repeat(3)
  server.entries = [{ id: 'e1', seq: 1, kind: 'message', author: { kind: 'agent', name: 'A'.repeat(60) }, text: long, happened: Date.now() * 1000, attachments: [] }]
  server.conversation = { id: '1', status: 'open', seq: 1, agent: { name: 'A'.repeat(60) } }
  const visitor = await visit(browser, product, { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true })
  const panel = await visitor.startChat()
  await panel.waitForSelector('.bub')
  const sideways = () => panel.evaluate(() => {
    const wide = [...document.querySelectorAll('.panel *')].filter((one) => {
      const { left, right, width } = one.getBoundingClientRect()
      const scrolls = ['auto', 'scroll'].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1
      return width > 1 && !one.closest('.cut') && (scrolls || right > innerWidth + 1 || left < -1)
    })
    return [document.documentElement.scrollWidth > innerWidth, ...wide.map((one) => one.getAttribute('class') ?? one.tagName)]
  })
  assert.deepEqual(await sideways(), [false])
  assert.deepEqual(await panel.evaluate(() => [innerWidth, innerHeight]), [320, 568])
  for (const file of ['index.html', 'basket.html', 'gaiwan-matte.html', 'zh/kiln.html']) {
    const page = await visitor.context.newPage()
    await page.goto(`${server.shop}/${file}`)
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${file} at 320 px`)
    await page.close()
  }
  await panel.evaluate(() => (document.documentElement.dir = 'rtl'))
  assert.deepEqual(await sideways(), [false])
  await visitor.page.screenshot({ path: join(shots, 'widget-320-rtl.png') })
  await panel.evaluate(() => {
    document.documentElement.dir = 'ltr'
    document.documentElement.style.fontSize = '200%'
  })
  assert.deepEqual(await sideways(), [false])
  assert.ok(await panel.evaluate(() => document.querySelector('.wc').getBoundingClientRect().bottom <= innerHeight), 'the composer stays in sight')
  await visitor.page.screenshot({ path: join(shots, 'widget-320-200.png') })
  return visitor
})

scene('every stop of the keyboard shows where it is, is big enough, and stays inside on phones', async ({ browser, server, product }) => {
  server.conversation = { id: '1', status: 'open', seq: 0, agent: { name: 'Ana' } }
  const visitor = await visit(browser, product, { viewport: { width: 400, height: 700 } })
  const panel = await visitor.startChat()
  await panel.locator('textarea').focus()
  const stops = []
  for (let i = 0; i < 12; i++) {
    const stop = await panel.evaluate(() => {
      const one = document.activeElement
      const style = getComputedStyle(one)
      const box = one.getBoundingClientRect()
      return { name: one.getAttribute('aria-label') ?? one.textContent, ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, width: box.width, height: box.height }
    })
    if (stops.some((seen) => seen.name === stop.name)) break
    stops.push(stop)
    await visitor.page.keyboard.press('Tab')
  }
  assert.ok(stops.length >= 7, `stops: ${stops.map((stop) => stop.name)}`)
  for (const stop of stops) assert.ok(stop.ring && stop.width >= 24 && stop.height >= 24, JSON.stringify(stop))
  assert.equal(stops[0].name, 'Write a message')
  return visitor
})

scene('people who want less motion get none', async ({ browser, server, product }) => {
  const visitor = await visit(browser, product, { reducedMotion: 'reduce' })
  const panel = await visitor.startChat()
  server.live('typing', { who: { name: 'Ana' }, on: true })
  await panel.waitForSelector('.typing')
  assert.equal(await panel.evaluate(() => getComputedStyle(document.querySelector('.dots i')).animationName), 'none')
  return visitor
})
