// A server for tests of the console alone: the real wire and the real paths, a desk in memory, and a few
// doors (/_fake/...) through which a test makes things happen.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { api } from './api.mjs'
import { seed } from './seed.mjs'
import { accept } from './socket.mjs'
import { commands } from './commands.mjs'

const root = fileURLToPath(new URL('../../../dist/console/', import.meta.url))
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json', '.png': 'image/png' }
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; frame-src 'self'; media-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

export class Desk {
  constructor(extra = 0) {
    Object.assign(this, seed())
    this.position = 200
    this.drafts = new Map()
    this.done = new Map()
    this.files = new Map()
    this.sockets = new Set()
    this.offers = new Map()
    this.loggedIn = true
    this.writable = true
    this.log = []
    for (let index = 0; index < extra; index += 1) this.grow(index)
  }

  // More conversations, for the list's length.
  grow(index) {
    const model = this.conversations['76']
    const id = String(10_000 + index)
    this.conversations[id] = { ...model, id, at: '150', customer: { ...model.customer, name: `Customer ${index}` }, last_activity: model.last_activity - index * 1000, preview: { ...model.preview, text: `Message ${index}` } }
  }

  /** Commits: gives the change a position and tells every socket. */
  publish(what, members) {
    const after = String(this.position)
    this.position += 1
    const at = String(this.position)
    if (members.conversation && members.conversation.id) {
      members.conversation = { ...members.conversation, at }
      if (this.conversations[members.conversation.id]) this.conversations[members.conversation.id] = members.conversation
    }
    const event = { op: 'event', after, at, what, ...members }
    this.log.push(event)
    for (const socket of this.sockets) socket.send([event])
    return at
  }

  append(conversation, part) {
    const where = this.conversations[conversation]
    const seq = where.seq + 1
    const now = Date.now() * 1000
    const entry = {
      id: String(2000 + this.entries.length), conversation, customer: where.customer.id, seq, public_seq: seq, kind: 'message', author: { kind: 'customer', id: where.customer.id, name: where.customer.name }, channel: where.channel,
      public: true, stage: where.stage, text: '', happened: now, received: now, delivery: 'none', attachments: [], details: {}, revision: 0, redacted: false, ...part,
    }
    this.entries.push(entry)
    const fromCustomer = entry.author.kind === 'customer'
    const next = {
      ...where, seq, last_activity: now, unread: fromCustomer ? where.unread + 1 : where.unread,
      waiting_since: fromCustomer ? (where.waiting_since ?? now) : entry.kind === 'message' ? null : where.waiting_since,
      preview: { text: entry.text, kind: entry.kind, author: entry.author.kind, at: now },
    }
    const at = this.publish('entry_added', { conversation: next, entry })
    return { at, seq, entry }
  }
}

async function file(path, answer) {
  const wanted = normalize(path).replace(/^(\.\.[/\\])+/u, '')
  const name = extname(wanted) ? wanted : 'index.html'
  const bytes = await readFile(join(root, name)).catch(() => null)
  if (!bytes) return answer.writeHead(404).end()
  answer.writeHead(200, { 'Content-Type': types[extname(name)] ?? 'application/octet-stream', 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' })
  answer.end(bytes)
}

/** Starts on a free port. Returns { url, desk, stop }. */
export async function start({ extra = 0 } = {}) {
  const desk = new Desk(extra)
  const server = createServer((request, answer) => {
    const url = new URL(request.url, 'http://localhost')
    if (url.pathname === '/readyz') return answer.writeHead(desk.writable ? 200 : 503).end()
    if (url.pathname.startsWith('/api/v1/')) return void api(desk, request, answer, url)
    void file(url.pathname, answer)
  })
  server.on('upgrade', (request, wire) => {
    const socket = accept(request, wire, (text) => commands(desk, socket, JSON.parse(text)), () => desk.sockets.delete(socket))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${server.address().port}`,
    desk,
    stop() {
      for (const socket of desk.sockets) socket.close(1001)
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}
