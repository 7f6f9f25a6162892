// The REST paths that the console uses, over the desk in memory.

const me = (desk) => ({
  id: '4', name: 'Ana Flores', email: 'ana@demo.test', roles: [{ role: 'admin', inbox: null, team: null }], permissions: desk.permissions ?? ['conversations:read', 'conversations:write', 'customers:read', 'staff:read', 'staff:write', 'inboxes:write', 'tokens:write', 'status:read'], locale: 'en', theme: 'system', density: 'comfortable', teams: ['2'],
  presence: desk.agents[0].presence, units: 12, preferences: {},
})
const active = (each) => each.status === 'open' || each.status === 'pending'
const views = {
  mine: (each) => active(each) && each.assignee?.id === '4',
  unassigned: (each) => active(each) && !each.assignee,
  team: (each) => active(each) && each.team === '2',
  all: active,
  snoozed: (each) => each.status === 'snoozed',
  mentions: (each) => each.id === '71',
  drafts: () => false,
  failed: (each) => each.failed,
}
const latest = (a, b) => b.last_activity - a.last_activity
const waiting = (a, b) => (a.waiting_since ?? Infinity) - (b.waiting_since ?? Infinity) || latest(a, b)

const inbox = (url) => ({
  id: '3', name: 'Tidewater shop', slug: 'shop', brand: 'Tidewater', locale: 'en', retention_days: 0, reopen_days: 14, first_response_ms: 60_000, open: true, revision: 1,
  teams: [{ team: '2', backup: false }],
  hours: { timezone: 'Asia/Shanghai', week: [{ day: 1, from: '09:00', to: '18:00' }], exceptions: [] },
  texts: [{ name: 'greeting', locale: 'en', content: 'How can we help?' }],
  widget: {
    color: '#1d2740', asks_form: false, shows_typing: false, shows_read_marks: true, privacy_notice: '', form: [], origins: [], identity_keys: [],
    snippet: `<script async src="${url.origin}/w.js" data-inbox="shop"></script>`,
  },
})

function page(items, query, size = Number(query.get('limit') ?? 50)) {
  const from = Number(query.get('cursor') ?? query.get('before') ?? 0)
  const next = from + size
  return { items: items.slice(from, next), next: next < items.length ? String(next) : null }
}

const routes = [
  ['GET', /^\/session$/u, (desk) => (desk.loggedIn ? { csrf: 'c', me: me(desk), expires: 0 } : [401, { code: 'unauthenticated', detail: 'Log in.' }])],
  ['POST', /^\/session$/u, (desk, { body }) => {
    if (body.password === 'wrong') return [401, { code: 'unauthenticated', detail: 'No.' }]
    desk.loggedIn = true
    return { csrf: 'c', me: me(desk), expires: 0 }
  }],
  ['DELETE', /^\/session$/u, (desk) => {
    desk.loggedIn = false
    return [204]
  }],
  ['GET', /^\/sessions$/u, () => ({ items: [{ id: '1', created: 1, last_used: Date.now() * 1000, expires: 1, address: '127.0.0.1', software: 'Chromium', current: true }] })],
  ['GET', /^\/links\/(.+)$/u, (_desk, { at }) => (at[1] === 'good' ? { kind: 'invite', email: 'new@demo.test', name: 'New Colleague', expires: Date.now() * 1000 + 1e12 } : [404, { code: 'gone' }])],
  ['POST', /^\/links\/(.+)$/u, (desk) => {
    desk.loggedIn = true
    return { csrf: 'c', me: me(desk), expires: 0 }
  }],
  ['PATCH', /^\/me$/u, (desk, { body }) => ({ ...me(desk), ...body })],
  ['GET', /^\/agents$/u, (desk) => ({ items: desk.agents })],
  ['POST', /^\/agents\/invites$/u, (_desk, { url }) => [201, { url: `${url.origin}/links/good`, expires: Date.now() * 1000 + 1e12 }]],
  ['PATCH', /^\/agents\/(\d+)$/u, (desk, { at, body }) => Object.assign(desk.agents.find((agent) => agent.id === at[1]), body)],
  ['GET', /^\/teams$/u, () => ({ items: [{ id: '2', name: 'Trade desk 批发组', members: ['4', '5'] }] })],
  ['GET', /^\/skills$/u, () => ({ items: [{ id: '1', name: 'zh' }] })],
  ['GET', /^\/inboxes$/u, (_desk, { url }) => ({ items: [inbox(url)] })],
  ['GET', /^\/inboxes\/3$/u, (_desk, { url }) => inbox(url)],
  ['GET', /^\/tags$/u, () => ({ items: [{ id: '7', name: 'address change', colour: '' }, { id: '8', name: 'wholesale', colour: '' }] })],
  ['GET', /^\/conversations$/u, (desk, { query }) => page(Object.values(desk.conversations).filter(views[query.get('view') ?? 'all']).sort(query.get('sort') === 'waiting' ? waiting : latest), query)],
  ['GET', /^\/conversations\/counts$/u, (desk) => Object.fromEntries(Object.entries(views).map(([name, fits]) => [name, Object.values(desk.conversations).filter(fits).length]))],
  ['GET', /^\/conversations\/(\d+)$/u, (desk, { at }) => {
    const conversation = desk.conversations[at[1]]
    return conversation ? { conversation, drafts: [...desk.drafts.values()].filter((draft) => draft.conversation === at[1]), as_of: String(desk.position) } : [404, { code: 'not_found' }]
  }],
  ['GET', /^\/conversations\/(\d+)\/why$/u, (_desk, { at }) => (at[1] === '71' ? { request: null, decided: null, agent: null, as_of: '1', why: why() } : [404, { code: 'not_found' }])],
  ['GET', /^\/customers\/(\d+)\/timeline$/u, (desk, { at, query }) => page(desk.entries.filter((entry) => entry.customer === at[1]).sort((a, b) => b.happened - a.happened || Number(b.id) - Number(a.id)), query)],
  ['GET', /^\/customers\/(\d+)\/conversations$/u, (desk, { at }) => ({ items: Object.values(desk.conversations).filter((each) => each.customer.id === at[1]) })],
  ['GET', /^\/customers\/(\d+)\/orders$/u, (desk, { at }) => (desk.shopDown ? [503, { code: 'unavailable' }] : { items: desk.orders[at[1]] ?? [] })],
  ['GET', /^\/customers\/(\d+)$/u, (desk, { at }) => desk.customers[at[1]] ?? [404, { code: 'not_found' }]],
  ['GET', /^\/drafts$/u, (desk) => ({ items: [...desk.drafts.values()] })],
  ['GET', /^\/search$/u, (desk, { query }) => {
    const q = query.get('q').toLowerCase()
    return { items: desk.entries.filter((entry) => entry.text.toLowerCase().includes(q)).map((entry) => ({ kind: 'message', entry, conversation: desk.conversations[entry.conversation], snippet: entry.text })), next: null }
  }],
  ['POST', /^\/attachments$/u, (desk, { raw, headers }) => {
    const id = String(500 + desk.files.size)
    const made = { id, name: decodeURIComponent(headers['x-parley-filename'] ?? 'file'), media_type: headers['content-type'], size: raw.length, url: `/favicon.svg?${id}` }
    desk.files.set(id, made)
    return [201, made]
  }],
  ['GET', /^\/tokens$/u, () => ({ items: [] })],
  ['POST', /^\/tokens$/u, () => [201, { token: {}, secret: 'parley_example' }]],
  ['GET', /^\/status$/u, () => ({ version: '1.0.0', started: (Date.now() - 9e6) * 1000, now: Date.now() * 1000, database: 'SQLite 3.40', loop_lag_p99_us: 180, resident_bytes: 41e6, sockets: { agents: 2, visitors: 14, channels: 0 }, store: { writable: true, reason: '', last_commit: Date.now() * 1000, commits: 12044, jobs: 15000, queued: 0, wal_bytes: 2e6, commit_p50_us: 900, commit_p99_us: 4200, position: '8841', epoch: 'e1' } })],
  ['POST', /^\/client-errors$/u, (desk, { body }) => {
    desk.faults = [...(desk.faults ?? []), body]
    return [204]
  }],
]

export function why() {
  return { waited_ms: 48_000, head_start_ms: 258_000, counts_as_ms: 306_000, score: 86, basis: 'orders', ahead_of: 7, reasons: [{ code: 'language', text: 'zh' }, { code: 'previous_agent' }, { code: 'had_room', used: 3, units: 12 }] }
}

export async function api(desk, request, answer, url) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const raw = Buffer.concat(chunks)
  const path = url.pathname.slice('/api/v1'.length)
  const json = (request.headers['content-type'] ?? '').startsWith('application/json')
  const say = (status, body) => {
    answer.writeHead(status, { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json' })
    answer.end(body === undefined ? '' : JSON.stringify(body))
  }
  url = new URL(url.pathname + url.search, `http://${request.headers.host}`)
  if (!desk.loggedIn && !path.startsWith('/session') && !path.startsWith('/links')) return say(401, { code: 'unauthenticated' })
  for (const [method, pattern, handle] of routes) {
    const at = pattern.exec(path)
    if (method !== request.method || !at) continue
    const made = handle(desk, { at, url, query: url.searchParams, body: json && raw.length ? JSON.parse(raw) : {}, raw, headers: request.headers })
    return Array.isArray(made) ? say(...made) : say(200, made)
  }
  say(404, { code: 'not_found', detail: `${request.method} ${path} is not part of this server.` })
}
