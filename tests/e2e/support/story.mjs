// A story told with the real server: a visitor on the shop's page, an agent in the console, the database as judge.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { agentPictures, logIn, sendAgentsHome } from './agent.mjs'
import { shots } from './chromium.mjs'
import { appears, press, test, until } from './runner.mjs'
import { bubbles, goHome, pictures, visit } from './visitor.mjs'

const sameOrder = (found, wanted, whose) => assert.deepEqual(found, wanted, `${whose} sees what the database holds, in order, none twice`)

/** Conversations of the story that is told; a story with a server of its own empties it. */
export const begun = []

/** A test with the real server that sends everybody home afterwards. */
export function story(name, body, options) {
  test(name, async (context) => {
    try {
      await body(context)
    } catch (error) {
      const path = join(shots, `failed-${name.replace(/\W+/g, '-').slice(0, 40)}`)
      await pictures(path)
      await agentPictures(path)
      throw error
    } finally {
      await goHome()
      await sendAgentsHome()
      // What was begun is done with: the next story's agent has room.
      for (const conversation of begun.splice(0)) await context.rest.resolve(conversation)
    }
  }, options)
}

/** The promise's value, or a failure that says what was waited for. */
export function within(what, promise, limit_ms) {
  let timer
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`waited ${limit_ms} ms for: ${what}`)), limit_ms)))
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** A visitor writes, the agent accepts the offer; both have the same conversation in front of them. */
export async function meet({ browser, visitors = browser, agents = browser, demo }, first) {
  const agent = await logIn(agents, demo, 'agent', { allow: [/WebSocket|ERR_|Failed to load/] })
  await agent.beAvailable()
  const visitor = await visit(visitors, `${demo.shop.replace(/\/$/, '')}/gaiwan-matte.html`, { allow: [/WebSocket|ERR_|Failed to load/] })
  const panel = await visitor.startChat()
  await panel.locator('.wc textarea').fill(first)
  const shown = appears(agent.page, '.offer', first)
  const written = await press(panel, '.wc .btn.pri')
  const offered = await within('the offer', shown, 30_000)
  await agent.page.waitForSelector('.offer .btn.pri')
  const opened = appears(agent.page, '.tl .msg', first)
  const accepted = await press(agent.page, '.offer .btn.pri')
  const hops = { offer: offered - written, accept: (await within('the conversation', opened, 30_000)) - accepted }
  const conversation = await agent.conversation()
  begun.push(conversation)
  return { agent, visitor, panel, conversation, hops }
}

/** Both timelines against the database's, once everything has arrived. */
export async function allAgree({ rest }, { agent, panel, conversation }, count) {
  await until(`${count} messages in the database`, async () => (await rest.messages(conversation)).length === count, 30_000)
  const stored = (await rest.messages(conversation)).map((entry) => entry.text)
  await until('the visitor to have all of it', async () => (await bubbles(panel)).length >= count, 40_000)
  await until('the agent to have all of it', async () => (await agent.words()).length >= count, 40_000)
  await until('nothing of the visitor to be on its way', async () => (await panel.locator('.w.mine.sending, .w.mine.waiting').count()) === 0, 30_000)
  sameOrder(await bubbles(panel), stored, 'the visitor')
  sameOrder(await agent.words(), stored, 'the agent')
  return stored
}
