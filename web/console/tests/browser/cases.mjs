// The cases: [what holds, how it is shown, options of the room].
import { accessibility } from './accessibility.mjs'
import { withOffer } from './offer.mjs'

const first = (page) => page.locator('.lrow').first()
const row = (page, name) => page.locator('.lrow', { hasText: name })
const field = (page) => page.locator('.field textarea')
const pill = (page) => page.locator('.live')
const state = (page, wanted) => page.locator(`.live[data-state="${wanted}"]`).waitFor()

export const cases = [
  ['the first load stays under 150 KB and asks nobody else', async ({ open, page, transferred, gzipped, assert, url }) => {
    await open('/inbox/mine')
    const before = transferred.filter((each) => /\.(?:js|css)$/u.test(new URL(each.url()).pathname)).slice()
    let sum = 0
    for (const each of before) sum += gzipped(await each.body())
    console.log(`      first load ${Math.round(sum / 100) / 10} KB gzip in ${before.length} files`)
    assert.ok(sum <= 150_000, `${sum} bytes`)
    await page.waitForTimeout(800)
    assert.deepEqual(transferred.filter((each) => !each.url().startsWith(url) && !each.url().startsWith('data:')).map((each) => each.url()), [])
  }],
  ['ten thousand conversations are a few rows in the page', async ({ open, page, assert }) => {
    await open('/inbox/all')
    for (let turn = 0; turn < 12; turn += 1) {
      await page.locator('.scroll').first().evaluate((box) => (box.scrollTop = box.scrollHeight))
      await page.waitForTimeout(120)
    }
    assert.ok((await page.locator('.lrow').count()) <= 40)
    assert.ok((await page.locator('*').count()) <= 1500)
    assert.ok(Number(await first(page).getAttribute('aria-posinset')) > 100)
  }, { extra: 10_000 }],
  ['log in, wrong password first', async ({ page, desk, url, assert }) => {
    desk.loggedIn = false
    await page.goto(`${url}/inbox/mine/71`)
    await page.fill('input[type=email]', 'ana@demo.test')
    await page.fill('input[name=password]', 'wrong')
    await page.click('button[type=submit]')
    await page.getByText('do not belong together').waitFor()
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'password')
    await page.fill('input[name=password]', 'right')
    await page.click('button[type=submit]')
    await page.locator('.msg').first().waitFor()
    assert.match(page.url(), /\/inbox\/mine\/71$/u)
  }],
  ['an invite link sets a password and goes inside', async ({ page, desk, url }) => {
    desk.loggedIn = false
    await page.goto(`${url}/links/good`)
    await page.fill('input[name=password]', 'a long enough sentence')
    await page.click('button[type=submit]')
    await page.locator('.lrow').first().waitFor()
  }],
  ['a reply is shown at once, sent, and stands in the timeline once', async ({ open, page, desk, assert }) => {
    await open('/inbox/mine/71')
    await field(page).fill('可以的，周四下午送达。')
    await page.keyboard.press('Control+Enter')
    await page.locator('.e.out', { hasText: '周四下午送达' }).waitFor()
    await page.waitForTimeout(400)
    assert.equal(await page.locator('.msg', { hasText: '周四下午送达' }).count(), 1)
    assert.equal(desk.entries.at(-1).text, '可以的，周四下午送达。')
    assert.equal(await field(page).inputValue(), '')
  }],
  ['an input method may use Enter for itself', async ({ open, page, desk, context, assert }) => {
    await page.addInitScript(() => localStorage.setItem('parley.preferences', JSON.stringify({ enter_sends: true })))
    await open('/inbox/mine/71')
    await field(page).focus()
    const line = await context.newCDPSession(page)
    const count = desk.entries.length
    await line.send('Input.imeSetComposition', { text: 'ni', selectionStart: 2, selectionEnd: 2 })
    await page.keyboard.press('Enter')
    await page.waitForTimeout(200)
    assert.equal(desk.entries.length, count)
    await line.send('Input.insertText', { text: '你好' })
    await page.keyboard.press('Enter')
    await page.waitForTimeout(400)
    assert.equal(desk.entries.length, count + 1)
  }],
  ['a draft outlives a reload', async ({ open, page, assert }) => {
    await open('/inbox/mine/71')
    await field(page).fill('half a thought')
    await page.reload()
    await page.waitForFunction(() => document.querySelector('.field textarea')?.value === 'half a thought')
    assert.match(await row(page, '林晓雨').innerText(), /Draft:/u)
  }],
  ['a colleague who was first stops a blind double answer', async ({ open, page, desk, assert }) => {
    await open('/inbox/mine/71')
    await page.locator('.msg').first().waitFor()
    await state(page, 'live')
    // The socket is cut off from news, but not from commands: the agent has not seen the colleague.
    const sockets = [...desk.sockets]
    desk.sockets.clear()
    desk.append('71', { author: { kind: 'agent', id: '5', name: 'Ben Kessler' }, text: 'Already changed for you.' })
    for (const socket of sockets) desk.sockets.add(socket)
    await field(page).fill('I will change it.')
    await page.keyboard.press('Control+Enter')
    await page.locator('.guard', { hasText: 'Ben Kessler replied' }).waitFor()
    assert.equal(desk.entries.filter((entry) => entry.text === 'I will change it.').length, 0)
    await page.getByRole('button', { name: 'Review' }).click()
    await page.locator('blockquote', { hasText: 'Already changed' }).waitFor()
    await page.getByRole('button', { name: 'Send anyway' }).click()
    await page.waitForTimeout(500)
    assert.equal(desk.entries.filter((entry) => entry.text === 'I will change it.').length, 1)
  }],
  ['what is refused is taken back and explained', async ({ open, page, desk }) => {
    desk.refuse = 'status'
    await open('/inbox/mine/71')
    await page.locator('.conv .bar').getByRole('button', { name: 'Resolve' }).click()
    await page.locator('.toast', { hasText: 'ask an administrator for a role that has it' }).waitFor()
    await page.locator('.conv .bar').getByRole('button', { name: 'Resolve' }).waitFor()
  }],
  ['resolve leaves the list, undo brings it back', async ({ open, page, desk, assert }) => {
    await open('/inbox/mine/71')
    await page.locator('.msg').first().waitFor()
    await page.locator('.conv h1').click()
    await page.keyboard.press('e')
    await page.locator('.toast', { hasText: 'is resolved' }).waitFor()
    assert.equal(desk.conversations['71'].status, 'resolved')
    await page.mouse.move(700, 20)
    await row(page, '林晓雨').waitFor({ state: 'detached' })
    await page.keyboard.press('z')
    await row(page, '林晓雨').waitFor()
    assert.equal(desk.conversations['71'].status, 'open')
  }],
  ['an offer is announced, accepted with Alt A, and opened', async ({ open, page, desk, assert, shot }) => {
    await open()
    await state(page, 'live')
    await withOffer(desk)
    await page.locator('.offer', { hasText: 'Marcus Hale' }).waitFor()
    assert.match(await page.locator('[aria-live=assertive]').innerText(), /Marcus Hale is offered/u)
    await shot('offer')
    await page.keyboard.press('Alt+a')
    await page.waitForURL(/\/inbox\/mine\/77$/u)
    assert.equal(desk.conversations['77'].assignee.id, '4')
    await page.locator('.offer').waitFor({ state: 'detached' })
  }],
  ['news while the line was down is all there afterwards, in order, once', async ({ open, page, desk, assert }) => {
    await open('/inbox/mine/71')
    await page.locator('.msg').first().waitFor()
    await state(page, 'live')
    for (const socket of desk.sockets) socket.cut()
    for (let index = 0; index < 20; index += 1) desk.append('71', { text: `missed ${index}` })
    await page.locator('.msg', { hasText: 'missed 19' }).waitFor()
    const texts = await page.locator('.msg', { hasText: 'missed' }).allInnerTexts()
    assert.deepEqual(texts, Array.from({ length: 20 }, (_, index) => `missed ${index}`))
    await state(page, 'live')
  }],
  ['offline says so and sends when it is back', async ({ open, page, context, desk, assert }) => {
    await open('/inbox/mine/71')
    await page.locator('.msg').first().waitFor()
    await context.setOffline(true)
    for (const socket of desk.sockets) socket.cut()
    await state(page, 'offline')
    await field(page).fill('written in a tunnel')
    await page.keyboard.press('Control+Enter')
    await page.locator('.banner', { hasText: '1 reply is waiting' }).waitFor()
    await context.setOffline(false)
    await state(page, 'live')
    await page.waitForFunction(() => !document.querySelector('[data-state=sending]'))
    assert.equal(desk.entries.filter((entry) => entry.text === 'written in a tunnel').length, 1)
  }],
  ['an expired session is renewed in place and keeps what was written', async ({ open, page, desk, assert }) => {
    await open('/inbox/mine/71')
    await state(page, 'live')
    await field(page).fill('unfinished')
    desk.loggedIn = false
    for (const socket of desk.sockets) socket.close(4003, 'session')
    await page.locator('.dialog', { hasText: 'Please sign in again' }).waitFor()
    assert.match(await pill(page).innerText(), /Signed out/u)
    await page.fill('.dialog input[name=password]', 'right')
    await page.click('.dialog button[type=submit]')
    await state(page, 'live')
    assert.equal(await field(page).inputValue(), 'unfinished')
  }],
  ['a server that cannot store makes the desk read-only, and lets go when it can', async ({ open, page, desk, assert }) => {
    await open('/inbox/mine/71')
    await state(page, 'live')
    desk.writable = false
    await field(page).fill('keep this')
    await page.keyboard.press('Control+Enter')
    await state(page, 'read_only')
    await page.locator('.banner', { hasText: 'The disk is full' }).waitFor()
    desk.writable = true
    await state(page, 'live')
    await page.waitForTimeout(1500)
    assert.equal(desk.entries.filter((entry) => entry.text === 'keep this').length, 1)
  }],
  ['the list stands still under the pointer', async ({ open, page, desk, assert }) => {
    await page.addInitScript(() => localStorage.setItem('parley.preferences', JSON.stringify({ sort: 'activity' })))
    await open()
    await state(page, 'live')
    await row(page, 'Kofi').hover()
    const before = await page.locator('.lrow .name').allInnerTexts()
    desk.append('76', { text: 'me first' })
    await page.waitForTimeout(500)
    assert.deepEqual(await page.locator('.lrow .name').allInnerTexts(), before)
    await page.mouse.move(900, 300)
    await page.waitForFunction(() => document.querySelector('[aria-posinset="1"] .name')?.textContent === 'Kofi Mensah')
  }],
  ['the palette finds by pinyin and opens the dialog', async ({ open, page }) => {
    await page.addInitScript(() => localStorage.setItem('parley.preferences', JSON.stringify({ locale: 'zh-CN' })))
    await open('/inbox/mine/71')
    await page.keyboard.press('Control+k')
    await page.locator('.pal input').waitFor()
    await page.keyboard.type('zjg')
    await page.locator('.pal [aria-selected=true]', { hasText: '转交给' }).waitFor()
    await page.keyboard.press('Enter')
    await page.locator('.dialog', { hasText: '转交' }).waitFor()
  }],
  ['j and k walk, r writes, g u goes, ? tells', async ({ open, page, assert }) => {
    await open()
    await state(page, 'live')
    await page.keyboard.press('j')
    await page.waitForURL(/mine\/7\d$/u)
    const before = page.url()
    await page.keyboard.press('j')
    await page.waitForURL((url) => url.href !== before)
    await field(page).waitFor()
    await page.keyboard.press('r')
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    await page.keyboard.type('jjj')
    assert.equal(await field(page).inputValue(), 'jjj')
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('u')
    await page.waitForURL(/unassigned/u)
    await page.keyboard.press('?')
    await page.locator('.dialog', { hasText: 'Keyboard shortcuts' }).waitFor()
  }],
  ['every stop of the keyboard can be seen', async ({ open, page, assert }) => {
    await open('/inbox/mine/71')
    await page.locator('.msg').first().waitFor()
    const unseen = []
    for (let stop = 0; stop < 60; stop += 1) {
      await page.keyboard.press('Tab')
      const found = await page.evaluate(() => {
        const at = document.activeElement
        if (!at || at === document.body) return null
        const seen = (element) => {
          const style = getComputedStyle(element)
          return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
        }
        const box = at.getBoundingClientRect()
        const holder = at.closest('.field, .scroll, .q') ?? at
        const shown = seen(at) || seen(holder) || Boolean(holder.querySelector('.active'))
        return shown || box.width === 0 ? null : at.outerHTML.slice(0, 120)
      })
      if (found) unseen.push(found)
    }
    assert.deepEqual(unseen, [])
  }],
  ['a pasted picture goes up and is sent', async ({ open, page, desk, assert }) => {
    await open('/inbox/mine/71')
    await field(page).focus()
    await page.evaluate(() => {
      const data = new DataTransfer()
      data.items.add(new File([new Uint8Array(2000)], '裂口.png', { type: 'image/png' }))
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    })
    await page.locator('.file', { hasText: '裂口.png' }).waitFor()
    await page.waitForFunction(() => !document.querySelector('.file progress'))
    await page.keyboard.press('Control+Enter')
    await page.locator('.e.out .pic').waitFor()
    assert.equal(desk.entries.at(-1).attachments[0].name, '裂口.png')
  }],
  ['search finds inside Chinese and opens at the message', async ({ open, page }) => {
    await open('/search?q=发货')
    await page.locator('.found mark', { hasText: '发货' }).first().waitFor()
    await page.locator('.found a').first().click()
    await page.locator('.e.target', { hasText: '发货' }).waitFor()
  }],
  ['a slow shop never blocks the chat', async ({ open, page, desk }) => {
    desk.shopDown = true
    await open('/inbox/mine/71')
    await page.locator('.ctx .guard', { hasText: 'cannot do this' }).waitFor()
    await page.locator('.msg').first().waitFor()
    desk.shopDown = false
    await page.locator('.ctx .guard').getByRole('button', { name: 'Retry' }).click()
    await page.locator('.ord').first().waitFor()
  }],
  ['an administrator without conversations begins in the admin pages, and the line is live', async ({ page, desk, url, assert }) => {
    desk.permissions = ['staff:write', 'staff:read', 'status:read']
    await page.goto(url)
    await page.waitForURL(/admin\/people$/u)
    await state(page, 'live')
    assert.deepEqual(await page.locator('.admin nav a').allInnerTexts(), ['People', 'Teams', 'Skills', 'Status'])
    assert.equal(await page.locator('.rail a').count(), 1)
  }],
  ['two hundred events a second leave the page free', async ({ open, page, desk, assert }) => {
    await open('/inbox/mine/71')
    await state(page, 'live')
    await page.evaluate(() => {
      globalThis.longest = 0
      new PerformanceObserver((list) => list.getEntries().forEach((each) => (globalThis.longest = Math.max(globalThis.longest, each.duration)))).observe({ entryTypes: ['longtask'] })
    })
    for (let turn = 0; turn < 25; turn += 1) {
      for (let index = 0; index < 20; index += 1) desk.append(index % 2 ? '71' : '76', { text: `burst ${turn}-${index}` })
      await page.waitForTimeout(100)
    }
    await page.locator('.msg', { hasText: 'burst 24-19' }).waitFor()
    const longest = await page.evaluate(() => globalThis.longest)
    console.log(`      longest task ${Math.round(longest)} ms`)
    assert.ok(longest < 400, `${longest} ms`)
  }],
  ...accessibility,
]
