// A stand-in for the server, for states of the panel that are hard to reach with the real one (outside hours, in
// line, refused, an agent leaving). Speaks section 8 of docs/realtime.md with one visitor; the test is the agent.
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { root } from './chromium.mjs'
import { accept } from './websocket.mjs'

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png' }
const panelPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'"

export class ChatServer {
  /** How many times /w/boot still answers 503. */
  boots_refused = 0
  inbox = { name: 'Tidewater', locale: 'en', open: true, form: [], greeting: '', privacy: '' }
  me = {}
  conversation = null
  entries = []
  queue = null
  /** What clients sent, hello included. */
  heard = []
  uploads = new Map()
  /** The shop's pages carry a content security policy. */
  strict = true
  /** `(frame) => answer`: replaces the ordinary answer to a command; undefined swallows it. */
  answer
  delay_ms = 0
  #sockets = new Set()
  #position = 0
  #by_cid = new Map()
  #server

  async start() {
    this.#server = createServer((request, response) => this.#http(request, response).catch(() => response.destroy()))
    this.#server.on('upgrade', (request, socket) => this.#socket(request, socket))
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.port = this.#server.address().port
    this.console = `http://localhost:${this.port}`
    this.shop = `http://shop.localhost:${this.port}`
    return this
  }

  stop() {
    for (const socket of this.#sockets) socket.cut()
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(resolve))
  }

  cutAll(code) {
    for (const socket of this.#sockets) code ? socket.close(code) : socket.cut()
  }

  event(what, members) {
    const after = String(this.#position)
    this.#position += 1
    this.#send({ op: 'event', after, at: String(this.#position), what, ...members })
  }

  live(what, members) {
    this.#send({ op: 'live', what, ...members })
  }

  /** The other side writes. */
  agentSays(text, more = {}) {
    this.#append({ kind: 'message', author: { kind: 'agent', name: 'Ana Flores' }, text, ...more })
  }

  change(conversation) {
    this.conversation = { id: '1', status: 'open', seq: this.entries.length, ...this.conversation, ...conversation }
    this.event('conversation_changed', { conversation: this.conversation })
  }

  #append(entry) {
    const full = { id: `e${this.entries.length + 1}`, seq: this.entries.length + 1, happened: Date.now() * 1000, attachments: [], delivery: 'delivered', revision: 0, ...entry }
    this.entries.push(full)
    this.event('entry_added', { entry: full })
    return full
  }

  #send(frame) {
    for (const socket of this.#sockets) if (socket.greeted) socket.send(JSON.stringify(frame))
  }

  #socket(request, raw) {
    const socket = accept(request, raw, {
      on_text: (text) => this.#frame(socket, JSON.parse(text)),
      on_close: () => this.#sockets.delete(socket),
    })
    this.#sockets.add(socket)
  }

  #frame(socket, frame) {
    this.heard.push(frame)
    if (frame.op === 'hello') {
      socket.greeted = true
      return socket.send(JSON.stringify({
        op: 'welcome', v: 1, epoch: 'e', as_of: String(this.#position), resume: 'snapshot', server_time: Date.now() * 1000,
        ...(frame.token ? {} : { token: 'visitor-token' }), me: this.me, inbox: this.inbox, conversation: this.conversation,
        entries: this.entries, more: false, queue: this.queue, limits: { text: 4000, attachment_bytes: 1_000_000, attachments: 3 },
      }))
    }
    if (frame.op === 'ping') return socket.send(JSON.stringify({ op: 'pong', t: frame.t, server_time: Date.now() * 1000 }))
    if (!frame.cid) return
    const answer = this.answer ? this.answer(frame) : this.#do(frame)
    if (answer) setTimeout(() => socket.send(JSON.stringify({ cid: frame.cid, ...answer })), this.delay_ms)
  }

  #do(frame) {
    if (frame.op !== 'say') return { op: 'ok' }
    let seq = this.#by_cid.get(frame.cid)
    if (!seq) {
      this.conversation ??= { id: '1', status: 'open', seq: 0, agent: null }
      const attachments = (frame.attachments ?? []).map((id) => this.uploads.get(id))
      seq = this.#append({ kind: 'message', author: { kind: 'customer' }, text: frame.text, cid: frame.cid, attachments }).seq
      this.#by_cid.set(frame.cid, seq)
    }
    return { op: 'ok', at: String(this.#position), seq }
  }

  async #http(request, response) {
    const url = new URL(request.url, this.console)
    const isShop = request.headers.host.startsWith('shop.')
    if (url.pathname === '/w/boot' && this.boots_refused > 0) {
      this.boots_refused -= 1
      response.writeHead(503, { 'Access-Control-Allow-Origin': request.headers.origin ?? '*' })
      return response.end()
    }
    if (url.pathname === '/w/boot') {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': request.headers.origin ?? '*' })
      return response.end(JSON.stringify({ v: 1, inbox: 'web', name: this.inbox.name, locale: this.inbox.locale, open: this.inbox.open, colour: this.colour ?? null }))
    }
    if (url.pathname === '/w/attachments' && request.method === 'POST') return this.#upload(request, response)
    if (url.pathname.startsWith('/w/attachments/')) {
      const file = this.uploads.get(url.pathname.slice(15))
      response.writeHead(200, { 'Content-Type': file.media_type })
      return response.end(file.bytes)
    }
    if (url.pathname === '/host.html') {
      response.writeHead(200, { 'Content-Type': 'text/html' })
      return response.end('<!doctype html><html lang="en"><title>Host</title><body><script async src="/w.js" data-inbox="web"></script></body></html>')
    }
    const path = isShop ? (url.pathname.endsWith('/') ? `${url.pathname}index.html` : url.pathname) : url.pathname === '/w.js' ? '/w.js' : url.pathname === '/w/panel' ? '/panel.html' : url.pathname.replace(/^\/w\//, '/')
    const bytes = await readFile(join(root, 'web/dist', isShop ? 'shop' : 'widget', normalize(path))).catch(() => undefined)
    const headers = { 'Content-Type': types[extname(path)] ?? 'application/octet-stream' }
    // The policy that docs/widget.md asks of a strict site, and nothing more.
    if (isShop && this.strict) headers['Content-Security-Policy'] = `default-src 'self'; img-src 'self' data:; script-src 'self' ${this.console}; connect-src 'self' ${this.console}; frame-src ${this.console}`
    if (path === '/panel.html') headers['Content-Security-Policy'] = panelPolicy
    response.writeHead(bytes ? 200 : 404, headers)
    return response.end(bytes)
  }

  async #upload(request, response) {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    const id = String(this.uploads.size + 1)
    const file = { id, name: decodeURIComponent(request.headers['x-parley-filename']), media_type: request.headers['content-type'], size: bytes.length, url: `/w/attachments/${id}` }
    this.uploads.set(id, { ...file, bytes })
    this.uploads.get(id).toJSON = () => file
    response.writeHead(201, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(file))
  }
}
