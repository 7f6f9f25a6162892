// The client's part in the stories under tests/fixtures/realtime (see the README there).
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { CastFrame, CommandFrame } from '../src/frames.ts'
import type { Effect } from '../src/link_types.ts'
import { Bench } from './support/bench.ts'

const folder = new URL('../../../tests/fixtures/realtime/', import.meta.url)

interface Step {
  connect?: true
  client?: Record<string, unknown>
  server?: unknown
  close?: { by: 'server' | 'client'; code: number; reason?: string }
  drop?: true
  elapse_ms?: number
  app?: { command?: CommandFrame; lane?: string; cast?: CastFrame } | 'resynced' | 'renewed'
  client_state?: string
  client_here?: string
  told?: object
}

interface Story {
  name: string
  socket: 'agent' | 'visitor'
  steps: Step[]
}

function play(story: Story): void {
  const bench = new Bench({ kind: story.socket })
  const asked: Effect[] = []
  bench.on_effect = (effect) => {
    if (effect.do !== 'wake' && effect.do !== 'unwake') asked.push(effect)
  }
  bench.link.start()
  for (const [index, step] of story.steps.entries()) {
    const where = `step ${index}: ${JSON.stringify(step)}`
    if (step.connect) {
      expect(asked.shift(), where).toEqual({ do: 'open' })
      const next = story.steps[index + 1]
      // Sockets that never open are told by what happens instead of the greeting.
      if (next?.client || next?.app) bench.link.opened()
    } else if (step.client) {
      if (step.client['op'] === 'hello' && !asked.some((effect) => effect.do === 'write')) bench.link.opened()
      const effect = asked.shift()
      expect(effect?.do, where).toBe('write')
      const written = JSON.parse((effect as { text: string }).text) as Record<string, unknown>
      for (const [member, value] of Object.entries(step.client)) expect(written[member] ?? null, where).toEqual(value)
    } else if ('server' in step) {
      bench.link.frame(JSON.stringify(step.server), bench.now_ms)
    } else if (step.close?.by === 'client') {
      expect(asked.shift(), where).toMatchObject({ do: 'close', code: step.close.code })
    } else if (step.close) {
      bench.link.closed(step.close.code, step.close.reason ?? '')
    } else if (step.drop) {
      bench.link.closed(1006, '')
    } else if (step.elapse_ms !== undefined) {
      bench.elapse(step.elapse_ms)
    } else if (step.app === 'resynced') {
      bench.link.resynced()
    } else if (step.app === 'renewed') {
      bench.link.renewed()
    } else if (step.app?.command) {
      bench.link.command(step.app.command, bench.now_ms, step.app.lane)
    } else if (step.app?.cast) {
      bench.link.cast(step.app.cast)
    } else if (step.client_state) {
      expect(bench.link.state, where).toBe(step.client_state)
    } else if (step.client_here) {
      expect(bench.link.here, where).toBe(step.client_here)
    } else if (step.told) {
      const told = bench.notices.splice(0).filter((notice) => notice.type === (step.told as { type: string }).type)
      expect(told, where).toEqual(expect.arrayContaining([expect.objectContaining({})]))
      expect(told.at(-1), where).toMatchObject(step.told)
    } else throw new Error(`${where} is no step`)
  }
  // Nothing more than the story tells.
  expect(asked).toEqual([])
}

describe('the stories of the realtime protocol', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  it('are there', () => expect(files.length).toBeGreaterThan(10))
  for (const file of files) {
    const story = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Story
    it(story.name, () => play(story))
  }
})
