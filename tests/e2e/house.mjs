// Who runs the house: people and their links, teams, skills, inboxes with their hours, tokens. Every change is
// made on screen and felt where it matters.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { shots } from './support/chromium.mjs'
import { logIn } from './support/agent.mjs'
import { until } from './support/runner.mjs'
import { visit } from './support/visitor.mjs'
import { story } from './support/story.mjs'

const admin = async ({ browser, demo }, page) => {
  const one = await logIn(browser, demo, 'admin', { allow: [/status of 40[34]/] })
  await one.page.goto(`${demo.console.replace(/\/$/, '')}/admin/${page}`)
  return one
}

async function useLink(browser, url, password) {
  const context = await browser.newContext({ locale: 'en-US' })
  const page = await context.newPage()
  await page.goto(url)
  await page.locator('input[type=password]').fill(password)
  await page.locator('button[type=submit]').click()
  return { context, page }
}

story('house: somebody is invited, comes in by the link, forgets the password, and is given a new link', async (world) => {
  const { page } = await admin(world, 'people')
  const email = `noor${Date.now()}@demo.test`
  await page.locator('label:has-text("Name") input').first().fill('Noor Haddad')
  await page.locator('label:has-text("E-mail") input').first().fill(email)
  await page.locator('button:has-text("Make an invite link")').click()
  const invite = (await page.locator('.once code').textContent()).trim()
  const first = await useLink(world.browser, invite, 'a quiet evening by the kiln')
  await first.page.waitForSelector('[role=listbox], .rail')
  await first.context.close()
  const again = await world.browser.newContext({ locale: 'en-US' })
  const dead = await again.newPage()
  await dead.goto(invite)
  await dead.waitForSelector('text=has been used or has run out')
  await again.close()

  await page.locator(`tr:has-text("${email}") button:has-text("Reset link")`).click()
  await page.waitForSelector('.once:has-text("set a new password")')
  const reset = (await page.locator('.once code').textContent()).trim()
  const second = await useLink(world.browser, reset, 'the tide comes in at seven')
  await second.page.waitForSelector('[role=listbox], .rail')
  await second.context.close()
  await page.locator(`tr:has-text("${email}") button:has-text("Deactivate")`).click()
  await page.waitForSelector(`tr:has-text("${email}") .chip:has-text("inactive")`)
  const locked = await world.browser.newContext({ locale: 'en-US' })
  const outside = await locked.newPage()
  await outside.goto(world.demo.console)
  await outside.locator('input[name=email]').fill(email)
  await outside.locator('input[type=password]').fill('the tide comes in at seven')
  await outside.locator('button[type=submit]').click()
  await outside.waitForSelector('[role=alert]')
  await locked.close()
}, { limit_ms: 90_000 })

story('house: a skill is made and given with a level; a team gets a member', async (world) => {
  const { page } = await admin(world, 'skills')
  const name = `Kiln ${Date.now()}`
  await page.locator('label:has-text("New skill") input').fill(name)
  await page.locator('button:has-text("Create")').click()
  await page.waitForSelector(`tr:has-text("${name}"):has-text("Nobody yet")`)
  await page.screenshot({ path: join(shots, 'skills.png') })
  const { items } = await world.rest.call('GET', '/agents')
  const ana = items.find((one) => one.email === 'ana@demo.test')
  await page.locator('.views a:has-text("People")').click()
  await page.locator(`tr:has-text("${ana.email}") button:has-text("Edit")`).click()
  await page.locator(`[role=dialog] label:has-text("${name}") input`).check()
  await page.locator(`[role=dialog] select[aria-label*="${name}"]`).selectOption('5')
  await page.locator('[role=dialog] button[type=submit]').click()
  await page.waitForSelector('[role=dialog]', { state: 'detached' })
  const now = (await world.rest.call('GET', '/agents')).items.find((one) => one.id === ana.id)
  const known = (await world.rest.call('GET', '/skills')).items.find((one) => one.name === name)
  assert.equal(now.skills.find((one) => one.skill === known.id)?.level, 5)
  assert.equal(now.skills.length, ana.skills.length + 1, 'what she had stays')

  await page.locator('.views a:has-text("Teams")').click()
  await page.locator('label:has-text("New team") input').fill(`Team ${name}`)
  await page.locator('button:has-text("Create")').click()
  await page.locator(`fieldset:has-text("Team ${name}") label:has-text("${ana.name}") input`).check()
  await until('the member', async () => (await world.rest.call('GET', '/teams')).items.some((one) => one.name === `Team ${name}` && one.members.includes(ana.id)))
}, { limit_ms: 90_000 })

story('house: business hours are saved, and the widget closes and opens by them', async (world) => {
  const { page } = await admin(world, 'inboxes')
  const { items } = await world.rest.call('GET', '/inboxes')
  const before = items.find((one) => one.slug === 'web')
  await page.locator(`td a:has-text("${before.name}")`).click()
  await page.waitForSelector('h2:has-text("hours")')
  const always = page.locator('label:has-text("Always open") input')
  if (await always.isChecked()) await always.uncheck()
  // One hour, on the day after tomorrow: closed now wherever this runs.
  for (let left = await page.locator('button[aria-label*="hours"]').count(); left > 0; left--) await page.locator('button[aria-label*="hours"]').first().click()
  await page.locator('button:has-text("Add hours")').click()
  const day = ((new Date(Date.now() + 2 * 86_400_000).getUTCDay() + 6) % 7) + 1
  await page.locator('select[aria-label="Day"]').selectOption(String(day))
  await page.locator('input[aria-label="From"]').fill('09:00')
  await page.locator('input[aria-label="To"]').fill('10:00')
  await page.screenshot({ path: join(shots, 'inbox-hours.png'), fullPage: true })
  await page.locator('button[type=submit]:has-text("Save")').click()
  try {
    await until('the hours to be stored', async () => {
      const now = (await world.rest.call('GET', '/inboxes')).items.find((one) => one.id === before.id)
      return now.hours.week.length === 1 && !now.open
    })
    const visitor = await visit(world.browser, `${world.demo.shop.replace(/\/$/, '')}/gaiwan-matte.html`)
    const panel = await visitor.open()
    await panel.locator('.ask').first().click()
    await panel.waitForSelector('#f-email')
    await panel.locator('#f-email').fill('late@example.com')
    await panel.locator('#f-text').fill('Are you asleep?')
    await panel.locator('button:has-text("Send message")').click()
    await panel.waitForSelector('text=We answer by e-mail')
    // A second save of the same page goes on from what the first one made.
    await page.locator('label:has-text("Always open") input').check()
    await page.locator('button[type=submit]:has-text("Save")').click()
    await until('the inbox to be open again', async () => (await world.rest.call('GET', '/inboxes')).items.find((one) => one.id === before.id).open)
    const morning = await visit(world.browser, `${world.demo.shop.replace(/\/$/, '')}/gaiwan-matte.html`)
    await morning.startChat()
  } finally {
    await world.rest.call('PATCH', `/inboxes/${before.id}`, { hours: before.hours })
    await world.rest.clearTheLine()
  }
}, { limit_ms: 90_000 })

story('house: two people change one inbox, and the second is told instead of undoing the first', async (world) => {
  const { page } = await admin(world, 'inboxes')
  const { items } = await world.rest.call('GET', '/inboxes')
  const social = items.find((one) => one.slug === 'social')
  await page.locator(`td a:has-text("${social.name}")`).click()
  await page.waitForSelector('h2:has-text("hours")')
  await world.rest.call('PATCH', `/inboxes/${social.id}`, { brand: 'Changed meanwhile' })
  await page.locator('label:has-text("Brand") input').fill('Mine')
  await page.locator('button[type=submit]:has-text("Save")').click()
  await page.waitForSelector('.toast:has-text("Not done")')
  assert.equal((await world.rest.call('GET', `/inboxes/${social.id}`)).brand, 'Changed meanwhile')
  await world.rest.call('PATCH', `/inboxes/${social.id}`, { brand: social.brand })
})

story('house: a token is shown once, works within its scopes, and ends when it is revoked', async (world) => {
  const { page } = await admin(world, 'tokens')
  const name = `Nightly ${Date.now()}`
  await page.locator('label:has-text("Name") input').fill(name)
  await page.locator('button:has-text("Create")').click()
  const secret = (await page.locator('.once code').textContent()).trim()
  const ask = (path) => fetch(`${world.rest.base}${path}`, { headers: { Authorization: `Bearer ${secret}` } }).then((answer) => answer.status)
  // An administrator holds no customers' words, so the token can't either; its one scope is what stood ticked.
  assert.equal(await page.locator('label:has-text("conversations:read")').count(), 0)
  assert.equal(await ask('/agents'), 200)
  assert.equal(await ask('/tokens'), 403)
  assert.equal(await ask('/conversations?limit=1'), 403)
  await page.reload()
  assert.ok(!(await page.locator('body').textContent()).includes(secret))
  await page.locator(`tr:has-text("${name}") button`).click()
  await until('the token to end', async () => (await ask('/agents')) === 401)
})
