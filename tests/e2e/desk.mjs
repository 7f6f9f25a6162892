// An agent's day: everything that can be done to a conversation, done on screen and held against the database.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { axeFindings, shots } from './support/chromium.mjs'
import { logIn } from './support/agent.mjs'
import { until } from './support/runner.mjs'
import { bubbles, say } from './support/visitor.mjs'
import { meet, story } from './support/story.mjs'

const read = async (rest, id) => {
  const answer = await rest.call('GET', `/conversations/${id}`)
  return answer.conversation ?? answer
}

/** A single key, pressed where it is not typed into anything. */
async function key(page, ...presses) {
  await page.evaluate(() => document.activeElement?.blur())
  for (const press of presses) await page.keyboard.press(press)
}

story('desk: formatting survives from the field over the database to the customer, and what a customer writes stays as written', async (world) => {
  const { agent, panel, conversation } = await meet(world, '**not bold** 2*3*4 `x`')
  const field = agent.page.locator('.comp textarea')
  await field.fill('It is safe')
  await field.press('Control+a')
  await field.press('Control+b')
  assert.equal(await field.inputValue(), '**It is safe**')
  await field.press('Control+z')
  assert.equal(await field.inputValue(), 'It is safe', 'the browser undoes it in one step')
  await field.press('Control+a')
  await agent.page.locator('.comp .marks button[aria-label=Bold]').click()
  await field.press('End')
  await field.pressSequentially(':\n- up to 70 °C')
  await field.press('Shift+Enter')
  await field.pressSequentially('no soap')
  assert.equal(await field.inputValue(), '**It is safe**:\n- up to 70 °C\n- no soap')
  await agent.page.evaluate(() => {
    const pasted = new DataTransfer()
    pasted.setData('text/html', '<p>See <a href="https://tide.example/care">the care page</a></p>')
    pasted.setData('text/plain', 'See the care page')
    document.querySelector('.comp textarea').dispatchEvent(new ClipboardEvent('paste', { clipboardData: pasted, bubbles: true, cancelable: true }))
  })
  await until('the pasted link', async () => (await field.inputValue()).includes('[the care page](https://tide.example/care)'))
  await field.press('Control+Enter')
  await panel.waitForSelector('.bub ul li:has-text("no soap")')
  assert.equal(await panel.locator('.bub strong').textContent(), 'It is safe')
  assert.equal(await panel.locator('.bub a').getAttribute('href'), 'https://tide.example/care')
  assert.deepEqual(await bubbles(panel).then((all) => all[0]), '**not bold** 2*3*4 `x`')
  await agent.page.waitForSelector('.tl .e.out .msg li:has-text("up to 70")')
  for (const bold of [agent.page.locator('.tl .msg strong'), panel.locator('.bub strong')]) assert.equal(await bold.evaluate((one) => getComputedStyle(one).display), 'inline', 'bold words stand in their line')
  assert.equal(await agent.page.locator('.tl .e:not(.out) .msg').first().textContent(), '**not bold** 2*3*4 `x`')
  assert.ok((await world.rest.messages(conversation)).at(-1).text.startsWith('**It is safe**:\n- up to 70 °C'))
  assert.deepEqual(await axeFindings(agent.page), [])
  assert.deepEqual(await axeFindings(panel), [])
  await agent.page.screenshot({ path: join(shots, 'formatting.png') })
}, { limit_ms: 90_000 })

story('desk: snooze, priority, stage, tag, assign, resolve: by keyboard, in the database, and undone', async (world) => {
  const { rest } = world
  const { agent, conversation } = await meet(world, 'Everything at once')
  const { page } = agent
  const is = (what, test) => until(what, async () => test(await read(rest, conversation)))
  await key(page, 'p')
  await page.locator('[role=dialog] .menu-item:has-text("High")').click()
  await is('the priority', (now) => now.priority === 'high')
  await key(page, 'q', '3')
  await is('the stage', (now) => now.stage === 'after_sale' && now.stage_by_hand)
  await key(page, 'z')
  await is('the stage undone', (now) => !now.stage_by_hand)
  await key(page, 'l')
  const tag = page.locator('[role=dialog] .menu-item[aria-pressed=false]').first()
  const name = (await tag.textContent()).trim()
  await tag.click()
  await is('the tag', (now) => now.tags.length === 1)
  await page.keyboard.press('Escape')
  await page.waitForSelector(`.ctx .chip:has-text("${name}")`)
  await key(page, 's')
  await page.locator('[role=dialog] .menu-item:has-text("Tomorrow morning")').click()
  // Nine in the morning where the agent sits, whatever the server's own zone is.
  const nine = await page.evaluate(() => new Date(new Date().getFullYear(), new Date().getMonth(), new Date().getDate() + 1, 9).getTime() * 1000)
  await is('the snooze', (now) => now.status === 'snoozed' && now.snoozed_until === nine)
  // The toast of the tag may still stand there: its button would undo the tag.
  await page.locator('.toast:has-text("put off") button:has-text("Undo")').click()
  await is('the snooze undone', (now) => now.status === 'open')
  await key(page, 'e')
  await is('it resolved', (now) => now.status === 'resolved')
  await key(page, 'z')
  await is('it open again', (now) => now.status === 'open')
  await page.waitForSelector('.toast:has-text("Undone")')
  await key(page, 'Shift+a')
  await is('nobody assigned', (now) => !now.assignee)
  await key(page, 'i')
  await is('me assigned', (now) => now.assignee?.name !== undefined)
  assert.deepEqual(agent.errors, [])
}, { limit_ms: 90_000 })

story('desk: steps and their undoing, pressed faster than the line answers, end as they were pressed', async (world) => {
  const { agent, conversation } = await meet({ ...world, agents: world.far }, 'Faster than light')
  const { page } = agent
  const now = () => read(world.rest, conversation)
  await page.waitForSelector('.comp textarea')
  world.line.slow(500)
  try {
    // Resolved and undone, given away, staged, and both of these undone, all before the first answer.
    await key(page, 'e', 'z', 'Shift+a', 'q', '3', 'z', 'z')
    await page.waitForSelector('.toast:has-text("Undone")')
    await key(page, 'p')
    await page.locator('[role=dialog] .menu-item:has-text("Urgent")').click()
    await until('the last step', async () => (await now()).priority === 'urgent')
    const { status, assignee, stage_by_hand } = await now()
    assert.deepEqual([status, assignee?.name !== undefined, stage_by_hand], ['open', true, false])
    await page.waitForSelector('.conv .bar button:has-text("Resolve")')
  } finally {
    world.line.slow(0)
  }
}, { limit_ms: 90_000 })

story('desk: a conversation is handed over to a colleague with a note, which only colleagues see', async (world) => {
  const { browser, demo, rest } = world
  const { agent, panel, conversation } = await meet(world, 'Who knows about kilns?')
  const colleague = await logIn(browser, demo, 'lead')
  const name = (await colleague.page.evaluate(async () => (await (await fetch('/api/v1/session')).json()).me.name))
  await colleague.beAvailable()
  await key(agent.page, 't')
  await agent.page.locator('[role=dialog] input[type=search]').fill(name)
  await agent.page.locator(`[role=dialog] .menu-item:has-text("${name}") input`).check()
  await agent.page.locator('[role=dialog] textarea').fill('She asks about the kiln, you know it best.')
  assert.deepEqual(await axeFindings(agent.page), [])
  await agent.page.locator('[role=dialog] button[type=submit]').click()
  await agent.page.waitForSelector(`.toast:has-text("Offered to ${name}")`)
  await until('the offer to the colleague', async () => (await colleague.offered())?.includes('kilns'))
  assert.equal(await agent.page.locator('.offer').count(), 0, 'not offered back')
  await colleague.accept()
  await until('the new assignee', async () => (await read(rest, conversation)).assignee?.name === name)
  await colleague.page.waitForSelector('.tl .e.note .msg:has-text("you know it best")')
  await colleague.reply('I do.')
  await panel.waitForSelector('.bub:has-text("I do.")')
  assert.ok(!(await panel.locator('body').textContent()).includes('you know it best'))
  await colleague.page.locator('button[aria-haspopup=menu]:has(.pres)').click()
  await colleague.page.getByRole('menuitem', { name: 'Offline' }).click()
}, { limit_ms: 90_000 })

story('desk: handed to a colleague who is away, a customer waits for that one by name; or the sender keeps it', async (world) => {
  const { agent, conversation } = await meet(world, 'Is the potter there?')
  const { page } = agent
  const away = (await world.rest.call('GET', '/agents?limit=200')).items.find((one) => one.active && one.presence === 'offline' && one.roles.some((each) => each.role === 'agent'))
  const choose = async () => {
    await key(page, 't')
    await page.locator('[role=dialog] input[type=search]').fill(away.name)
    await page.locator(`[role=dialog] .menu-item:has-text("${away.name}") input`).check()
    await page.waitForSelector(`[role=dialog] .guard.warn:has-text("${away.name} is not available")`)
  }
  await choose()
  await page.locator('[role=dialog] input[type=checkbox]').check()
  assert.deepEqual(await axeFindings(page), [])
  await page.screenshot({ path: join(shots, 'transfer-away.png') })
  await page.locator('[role=dialog] button[type=submit]').click()
  await page.waitForSelector('.toast:has-text("you keep it")')
  const mine = (await read(world.rest, conversation)).assignee
  assert.ok(mine)

  await choose()
  await page.locator('[role=dialog] button[type=submit]').click()
  await page.waitForSelector(`.toast:has-text("Waiting for ${away.name}")`)
  await page.waitForSelector(`.strip:has-text("Waits for ${away.name} until")`)
  const waiting = await read(world.rest, conversation)
  assert.equal(waiting.request.for, away.id)
  assert.ok(!waiting.assignee)
  await page.screenshot({ path: join(shots, 'waits-for.png') })
  await key(page, 'z')
  await until('mine again', async () => (await read(world.rest, conversation)).assignee?.id === mine.id)
  await page.waitForSelector('.strip:has-text("Waits for")', { state: 'detached' })
  assert.deepEqual(agent.errors, [])
}, { limit_ms: 90_000 })

story('desk: marked as unread, a conversation counts as new in every tab until it is looked at anew', async (world) => {
  const { agent, panel, conversation } = await meet(world, 'First of three')
  const { page } = agent
  for (const text of ['Second of three', 'Third of three']) await say(panel, text)
  await page.waitForSelector('.tl .msg:has-text("Third of three")')
  await agent.reply('Seen.')
  await panel.waitForSelector('.seen:has-text("Read")')
  const second = await logIn(world.browser, world.demo, 'agent')
  const badge = (tab) => tab.page.locator(`#row-${conversation} .cnt`)
  const unread = (tab, count) => until(`${count} unread`, async () => (count ? (await badge(tab).first().textContent().catch(() => ''))?.startsWith(String(count)) : (await badge(tab).count()) === 0))
  await second.page.waitForSelector(`#row-${conversation}`)
  for (const tab of [agent, second]) await unread(tab, 0)

  await key(page, 'm')
  for (const tab of [agent, second]) await unread(tab, 1)
  assert.equal((await read(world.rest, conversation)).unread, 1)
  await page.waitForSelector('.tl .day.new')
  await page.waitForSelector('.toast:has-text("Marked as unread")')
  await key(page, 'z')
  for (const tab of [agent, second]) await unread(tab, 0)
  await until('it read again', async () => (await read(world.rest, conversation)).unread === 0)

  // From one message on; looking away and back is looking anew.
  await page.locator('.tl .e[data-seq]', { hasText: 'First of three' }).hover()
  await page.locator('.tl .e[data-seq] .aside').first().click()
  for (const tab of [agent, second]) await unread(tab, 3)
  assert.deepEqual(await axeFindings(page), [])
  await page.screenshot({ path: join(shots, 'marked-unread.png') })
  await key(page, 'u')
  await page.waitForSelector('.conv:has-text("Choose a conversation")')
  await unread(agent, 3)
  await page.locator(`#row-${conversation}`).click()
  for (const tab of [agent, second]) await unread(tab, 0)
  assert.ok(await panel.locator('.seen:has-text("Read")').count(), 'what the customer was told stays')
  assert.deepEqual([agent.errors, second.errors], [[], []])
}, { limit_ms: 90_000 })

story('desk: what is known about a customer is put right, and says why it came now', async (world) => {
  const { agent, conversation } = await meet(world, 'My name is wrong')
  const { page } = agent
  await page.waitForSelector('.ctx:has-text("Why this came to you now") .sum .tot')
  await page.locator('.ctx button[aria-label="Edit the customer"]').click()
  await page.waitForSelector('[role=dialog] form input')
  assert.deepEqual(await axeFindings(page), [])
  await page.locator('[role=dialog] label:has-text("Name") input').fill('Mira Okonkwo')
  await page.locator('[role=dialog] label:has-text("Needs") input').fill('A lid that fits')
  await page.screenshot({ path: join(shots, 'customer-edit.png') })
  await page.locator('[role=dialog] button[type=submit]').click()
  await page.waitForSelector('[role=dialog]', { state: 'detached' })
  await page.waitForSelector('.conv h1:has-text("Mira Okonkwo")')
  await page.waitForSelector('.ctx .facts:has-text("A lid that fits")')
  assert.equal((await read(world.rest, conversation)).customer.name, 'Mira Okonkwo')
}, { limit_ms: 90_000 })

story('desk: a refused reply keeps its words and its files when it is edited again', async (world) => {
  const { agent, panel, conversation } = await meet(world, 'A picture, please')
  const { page } = agent
  // Longer than the server takes: refused for good, and given back to the field.
  await page.locator('.comp input[type=file]').setInputFiles({ name: 'saucer.txt', mimeType: 'text/plain', buffer: Buffer.from('round') })
  await page.waitForSelector('.comp .file:has-text("saucer.txt")')
  await page.locator('.comp textarea').fill('x'.repeat(20_001))
  await until('the upload', async () => (await page.locator('.comp .file progress').count()) === 0)
  await page.locator('.comp .split .btn.pri').first().click()
  await page.waitForSelector('.tl [data-state=failed]')
  await page.locator('.tl [data-state=failed] .link:has-text("Edit")').click()
  await page.waitForSelector('.comp .file:has-text("saucer.txt")')
  await page.locator('.comp textarea').fill('Here it is.')
  await page.locator('.comp .split .btn.pri').first().click()
  await panel.waitForSelector('.bub:has-text("Here it is.")')
  await panel.waitForSelector('.filerow:has-text("saucer.txt")')
  await say(panel, 'Thank you')
  await until('all three in the database', async () => (await world.rest.messages(conversation)).length === 3)
}, { limit_ms: 90_000 })
