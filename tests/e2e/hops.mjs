// How long a message is on its way: measured while nothing else runs on the machine.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { sendAgentsHome } from './support/agent.mjs'
import { shots } from './support/chromium.mjs'
import { appears, press } from './support/runner.mjs'
import { allAgree, meet, story, within } from './support/story.mjs'
import { goHome } from './support/visitor.mjs'

const hop_ms = 300
// The middle one of three counts: one pause of the machine is not the way of a message.
const rounds = 3
const middle = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)]

async function walk(world) {
  const met = await meet(world, 'Is the matte glaze dishwasher safe?')
  await met.agent.page.locator('.comp textarea').fill('It is, up to 70 °C.')
  const heard = appears(met.panel, '.w:not(.mine) .bub', 'It is, up to 70 °C.')
  const answered = await press(met.agent.page, '.comp .split .btn.pri')
  met.hops.reply = (await within('the reply', heard, 30_000)) - answered
  return met
}

story('a visitor writes, the right agent is asked, accepts and answers, each hop within 300 ms; both see the same after a reload', async (world) => {
  const walks = []
  let met
  for (let round = 0; round < rounds; round += 1) {
    await goHome()
    await sendAgentsHome()
    // An agent with room is asked at once.
    if (met) await world.rest.resolve(met.conversation)
    met = await walk(world)
    walks.push(met.hops)
  }
  const hops = Object.fromEntries(['offer', 'accept', 'reply'].map((hop) => [hop, middle(walks.map((each) => each[hop]))]))
  console.log(`        offer ${hops.offer} ms, accept ${hops.accept} ms, reply ${hops.reply} ms (each the middle one of ${rounds})`)
  for (const [hop, took] of Object.entries(hops)) assert.ok(took <= hop_ms, `${hop} took ${took} ms`)
  const { agent, visitor, conversation } = met
  await agent.page.screenshot({ path: join(shots, 'journey-console.png') })
  await visitor.page.screenshot({ path: join(shots, 'journey-shop.png') })

  await visitor.page.reload()
  met.panel = await visitor.open()
  await agent.openConversation(conversation)
  await allAgree(world, met, 2)
  assert.deepEqual(visitor.errors, [])
  assert.deepEqual(agent.errors, [])
}, { limit_ms: 120_000 })
