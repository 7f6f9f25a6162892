import { describe, expect, it } from 'vitest'
import type { EventFrame, VisitorWelcome } from '../src/frames.ts'
import type { PublicEntry } from '../src/shapes.ts'
import { Timeline } from '../src/timeline.ts'
import { Bench } from './support/bench.ts'
import { LossyServer, type Faults } from './support/lossy_server.ts'
import { seeded } from './support/seeded.ts'

const faults: Faults = { swallow: 0.05, repeat: 0.05, cut: 0.06, busy: 0.1, snapshot: 0.2 }

/** A visitor and a server talk over a bad line for a while, then the line is good again. */
function talk(seed: number) {
  const random = seeded(seed)
  const server = new LossyServer(random, faults)
  const timeline = new Timeline()
  const bench = new Bench({ kind: 'visitor', random })
  const wire: (() => void)[] = [] // in flight, both directions, in order
  const applied: string[] = []
  let connection = 0
  let restored = false

  bench.on_effect = (effect) => {
    const mine = connection
    if (effect.do === 'open') {
      connection += 1
      const number = connection
      wire.push(() => {
        if (number !== connection) return
        server.connect({
          toClient: (text) => wire.push(() => number === connection && bench.link.frame(text, bench.now_ms)),
          cutClient: (code) => wire.push(() => {
            if (number !== connection) return
            connection += 1
            bench.link.closed(code, '')
          }),
        })
        bench.link.opened()
      })
    }
    if (effect.do === 'write') wire.push(() => mine === connection && server.fromClient(effect.text))
    if (effect.do === 'close') {
      connection += 1
      server.gone()
    }
  }
  bench.on_notice = (notice) => {
    if (notice.type === 'welcome' && notice.fresh) {
      const welcome = notice.welcome as VisitorWelcome
      timeline.replace(welcome.entries, welcome.more)
    }
    if (notice.type === 'event') {
      timeline.apply((notice.event as EventFrame).entry as PublicEntry)
      applied.push(notice.event.at)
    }
    if (notice.type === 'ok') timeline.mark(notice.command.cid, 'sent', { seq: notice.ok.seq })
  }

  const deliver = (count: number) => {
    for (let i = 0; i < count && wire.length; i++) wire.shift()!()
  }
  bench.link.start()
  const said: string[] = []
  for (let step = 0; step < 300; step++) {
    const dice = random()
    if (dice < 0.25) {
      const cid = `c${step}`
      said.push(cid)
      timeline.write(cid, `visitor ${step}`, [], step)
      bench.link.command({ op: 'say', cid, text: `visitor ${step}` }, bench.now_ms, 'chat')
    } else if (dice < 0.5) server.agentWrites(`agent ${step}`)
    else if (dice < 0.55) bench.link.online(random() < 0.5, bench.now_ms)
    else if (dice < 0.6) bench.link.visible(bench.now_ms)
    else if (dice < 0.605 && !restored && seed % 4 === 0) {
      restored = true
      server.restore()
    } else bench.elapse(Math.floor(random() * 4000))
    deliver(Math.floor(random() * 6))
  }
  server.calm()
  bench.link.online(true, bench.now_ms)
  // A swallowed last frame is only seen as a gap when another one follows.
  for (let round = 0; round < 40; round++) {
    if (round === 20) server.agentWrites('last')
    deliver(500)
    bench.elapse(5_000)
  }
  return { server, timeline, bench, said, applied, restored }
}

describe('a visitor over a bad line', () => {
  it('ends with the same timeline as the server, nothing lost, nothing twice, in the order it was written', { timeout: 60_000 }, () => {
    let reconnects = 0
    let busy = 0
    for (let seed = 1; seed <= 400; seed++) {
      const { server, timeline, bench, said, restored } = talk(seed)
      expect(timeline.entries(), `seed ${seed}`).toEqual(server.entries)
      expect(timeline.drafts(), `seed ${seed}`).toEqual([])
      expect(bench.link.pending(), `seed ${seed}`).toEqual([])
      expect(bench.link.state, `seed ${seed}`).toBe('live')
      const mine = server.entries.flatMap((entry) => (entry.cid ? [entry.cid] : []))
      expect(new Set(mine).size, `seed ${seed}`).toBe(mine.length)
      // A restored backup may have lost what was acknowledged; otherwise every word is there, in order.
      if (!restored) expect(mine, `seed ${seed}`).toEqual(said)
      reconnects += bench.opens
      busy += bench.notices.filter((notice) => notice.type === 'waiting').length
    }
    // The line has been as bad as it was meant to be.
    expect(reconnects).toBeGreaterThan(400 * 10)
    expect(busy).toBeGreaterThan(400)
  })

  it('is the same run again for the same seed', () => {
    expect(talk(7).applied).toEqual(talk(7).applied)
  })
})
