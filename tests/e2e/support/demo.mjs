// The real server in demo mode, in a directory of its own, on a port of its own; stopped by its pid.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from './chromium.mjs'

export const binary = process.env['PARLEY_BINARY'] ?? join(root, 'build/release/parley')
export const hasServer = () => existsSync(binary)

/** Starts it; resolves with what its first line says ({console, shop, api, token, logins, pid}) and `stop()`. With a
 *  `data` directory it keeps what it stored, and `port` gives it the address that it had before. */
export async function startDemo({ data, port = 0 } = {}) {
  // All visitors of a run come from one address; what is counted by person or account stays as it is.
  const env = { ...process.env, PARLEY_RATES__VISITOR_CONVERSATIONS: '1000', PARLEY_RATES__VISITOR_SOCKETS: '10000', PARLEY_RATES__VISITOR_UPLOADS: '1000', PARLEY_RATES__UPLOADS_PER_ADDRESS: '1000' }
  const child = spawn(binary, ['demo', '--json', ...(data ? ['--data', data] : ['--ephemeral']), '--port', String(port), '--visitors', '0'], { cwd: root, env, stdio: ['pipe', 'pipe', 'pipe'] })
  const said = []
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line) > 200 && said.shift())
  const gone = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)))
  const lines = createInterface({ input: child.stdout })
  const first = await Promise.race([
    new Promise((resolve) => lines.once('line', resolve)),
    gone.then((how) => Promise.reject(new Error(`parley demo ended (${how}):\n${said.join('\n')}`))),
    new Promise((_, reject) => setTimeout(() => reject(new Error(`parley demo said nothing for 20 s:\n${said.join('\n')}`)), 20_000).unref()),
  ])
  lines.on('line', () => {})
  const demo = JSON.parse(first)
  return {
    ...demo,
    said,
    port: Number(new URL(demo.console).port),
    /** As when the power fails: first what would start the server again, then the server. */
    async kill() {
      child.kill('SIGKILL')
      process.kill(demo.pid, 'SIGKILL')
      await gone
    },
    async stop() {
      child.kill('SIGTERM')
      const how = await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 30_000, 'late').unref())])
      if (how === 'late') {
        child.kill('SIGKILL')
        throw new Error('parley demo did not stop within 30 s of SIGTERM')
      }
    },
  }
}
