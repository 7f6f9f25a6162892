// A day on which things go wrong: the server dies, the session ends, the line is slow, a second tab is open.
// What was typed stays, what was sent stands once.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { shots } from './support/chromium.mjs'
import { logIn } from './support/agent.mjs'
import { startDemo } from './support/demo.mjs'
import { Rest } from './support/rest.mjs'
import { until } from './support/runner.mjs'
import { bubbles, say } from './support/visitor.mjs'
import { allAgree, begun, meet, story } from './support/story.mjs'

const state = (agent) => agent.page.locator('.topbar [data-state]').getAttribute('data-state')
const typed = (agent) => agent.page.locator('.comp textarea').inputValue()

story('the server is killed while both sides write, and started again: nothing typed is lost, nothing is doubled', async ({ browser }) => {
  const data = mkdtempSync(join(tmpdir(), 'parley-e2e-'))
  let demo = await startDemo({ data })
  try {
    const rest = new Rest(demo)
    await rest.clearTheLine()
    const met = await meet({ browser, demo, rest }, 'Before the fall')
    const { agent, panel, conversation } = met
    await agent.reply('I am here.')
    await panel.waitForSelector('.bub:has-text("I am here.")')
    await agent.page.locator('.comp textarea').fill('Half a sent')
    await demo.kill()
    await until('the pill to tell', async () => (await state(agent)) !== 'live', 20_000)
    for (const text of ['Still there?', 'Hello?']) await say(panel, text)
    assert.equal(await typed(agent), 'Half a sent')
    await agent.reply('One moment, please.')
    await agent.page.locator('.comp textarea').fill('And half of anoth')
    await agent.page.waitForSelector('.tl .msg:has-text("One moment, please.")')
    await agent.page.screenshot({ path: join(shots, 'server-gone.png') })
    assert.ok((await bubbles(panel)).includes('Hello?'))

    demo = await startDemo({ data, port: demo.port })
    const stored = await allAgree({ rest: new Rest(demo) }, met, 5)
    assert.deepEqual(stored.slice(0, 2), ['Before the fall', 'I am here.'])
    assert.deepEqual([...stored.slice(2)].sort(), ['Hello?', 'One moment, please.', 'Still there?'])
    await until('the pill to be live again', async () => (await state(agent)) === 'live', 20_000)
    assert.equal(await typed(agent), 'And half of anoth')
    await agent.openConversation(conversation)
    await until('the draft after a reload', async () => (await typed(agent)) === 'And half of anoth')
  } finally {
    begun.length = 0
    await demo.stop().catch(() => {})
    rmSync(data, { recursive: true, force: true })
  }
}, { limit_ms: 120_000 })

story('the session ends in the middle of a sentence: log in in place, and go on', async ({ browser, demo, rest }) => {
  const { agent, panel, conversation } = await meet({ browser, demo, rest }, 'Who am I talking to?')
  await agent.page.locator('.comp textarea').fill('You are talking to ')
  // Somebody ends this session from another device.
  await agent.page.evaluate(async () => {
    const { csrf } = await (await fetch('/api/v1/session')).json()
    await fetch('/api/v1/session', { method: 'DELETE', headers: { 'X-Parley-CSRF': csrf } })
  })
  await agent.page.waitForSelector('[role=dialog] input[type=password]')
  await agent.page.screenshot({ path: join(shots, 'session-ended.png') })
  await say(panel, 'Hello?')
  await agent.page.locator('[role=dialog] input[type=password]').fill(agent.login.password)
  await agent.page.locator('[role=dialog] button[type=submit]').click()
  await agent.page.waitForSelector('[role=dialog]', { state: 'detached' })
  await agent.page.waitForSelector('.tl .msg:has-text("Hello?")')
  assert.equal(await typed(agent), 'You are talking to ')
  await agent.reply('You are talking to Ana.')
  await panel.waitForSelector('.bub:has-text("You are talking to Ana.")')
  assert.equal((await rest.messages(conversation)).length, 3)
}, { limit_ms: 90_000 })

story('two tabs of one agent: one offer, one draft, one answer', async ({ browser, demo, rest }) => {
  const second = await logIn(browser, demo, 'agent')
  const { agent, panel, conversation } = await meet({ browser, demo, rest }, 'Do you have two heads?')
  await until('the offer to be gone in the other tab', async () => (await second.page.locator('.offer').count()) === 0)
  await second.openConversation(conversation, 'mine')
  await agent.page.locator('.comp textarea').fill('Only one, but')
  await until('the draft in the other tab', async () => (await typed(second)) === 'Only one, but')
  await second.page.locator('.comp textarea').press('End')
  await second.page.locator('.comp textarea').pressSequentially(' two screens.')
  await until('the longer draft in the first tab', async () => (await typed(agent)) === 'Only one, but two screens.')
  await agent.page.locator('.comp .split .btn.pri').first().click()
  await panel.waitForSelector('.bub:has-text("two screens.")')
  await until('the field of the other tab to be empty', async () => (await typed(second)) === '')
  await second.page.waitForSelector('.tl .msg:has-text("two screens.")')
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  assert.deepEqual([await typed(agent), await typed(second)], ['', ''], 'a draft that was sent stays gone')
  assert.deepEqual(await second.words(), ['Do you have two heads?', 'Only one, but two screens.'])
  assert.equal((await rest.messages(conversation)).length, 2)
  assert.deepEqual([agent.errors, second.errors], [[], []])
}, { limit_ms: 90_000 })

story('on a line with half a second of delay each way, what is written fast arrives in order, once', async (world) => {
  const met = await meet({ ...world, visitors: world.far, agents: world.far }, 'Is the line slow?')
  world.line.slow(500)
  try {
    for (let i = 1; i <= 5; i++) {
      await met.agent.reply(`answer ${i}`)
      await say(met.panel, `question ${i}`)
    }
    const stored = await allAgree(world, met, 11)
    for (const kind of ['answer', 'question']) assert.deepEqual(stored.filter((text) => text.startsWith(kind)), [1, 2, 3, 4, 5].map((i) => `${kind} ${i}`))
    assert.equal(await state(met.agent), 'live')
  } finally {
    world.line.slow(0)
  }
}, { limit_ms: 90_000 })
