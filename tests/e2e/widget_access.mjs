// The widget for everybody: axe, small screens, big letters, right to left, the keyboard, little motion.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { axeFindings, shots } from './support/chromium.mjs'
import { until } from './support/runner.mjs'
import { scene } from './support/scene.mjs'
import { visit } from './support/visitor.mjs'

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

scene('letters can be read on any colour that the shop gives the header', async ({ browser, server, product }) => {
  let visitor
  for (const colour of ['#ffd400', '#7a1f3d', '#777777', 'oklch(0.7 0.2 150)']) {
    server.colour = colour
    visitor = await visit(browser, product)
    const panel = await visitor.open()
    await panel.waitForSelector('.ask')
    assert.equal(await panel.evaluate(() => document.documentElement.style.getPropertyValue('--head')), colour)
    assert.deepEqual(await axeFindings(panel), [], colour)
  }
  return visitor
})

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
