// A TCP proxy that can lose its network: connections stand but nothing passes, as when a cable is pulled.
import { createServer, connect } from 'node:net'

export async function startProxy(to_port) {
  const pairs = new Set()
  let cut = false
  let delay_ms = 0
  const server = createServer((near) => {
    const far = connect(to_port, '127.0.0.1')
    const pair = { near, far, dead: false }
    pairs.add(pair)
    if (cut) pair.dead = true
    const pass = (from, into) => {
      // What was held back goes first, also when the line has become faster meanwhile.
      const held = []
      from.on('data', (bytes) => {
        if (!delay_ms && !held.length) return pair.dead || into.write(bytes)
        held.push(bytes)
        setTimeout(() => {
          const next = held.shift()
          if (!pair.dead) into.write(next)
        }, delay_ms)
      })
      from.on('end', () => pair.dead || into.end())
      from.on('close', () => {
        pairs.delete(pair)
        if (!pair.dead) into.destroy()
      })
      from.on('error', () => from.destroy())
    }
    pass(near, far)
    pass(far, near)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: server.address().port,
    /** From now on nothing passes, in either direction, and nobody is told. */
    cut() {
      cut = true
      for (const pair of pairs) pair.dead = true
    },
    /** New connections pass again; those of before the cut stay dead and are taken down. */
    mend() {
      cut = false
      for (const { near, far, dead } of pairs) {
        if (!dead) continue
        near.destroy()
        far.destroy()
      }
    },
    /** Everything takes this much longer, each way; 0 ends it. */
    slow(ms) {
      delay_ms = ms
    },
    stop() {
      for (const { near, far } of pairs) {
        near.destroy()
        far.destroy()
      }
      return new Promise((resolve) => server.close(resolve))
    },
  }
}
