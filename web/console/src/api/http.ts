// The one door to the REST API: cookie session, CSRF header, problem+json turned into a Problem.

export const apiBase = '/api/v1'

/** What went wrong, in a form that a screen can show: a stable code and what to do. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly field = '',
    readonly requestId = '',
    readonly retryAfterMs = 0,
  ) {
    super(detail || code)
    this.name = 'Problem'
  }
}

export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  if (thrown instanceof DOMException && thrown.name === 'AbortError') return new Problem(0, 'aborted', '')
  return new Problem(0, 'network', '')
}

let csrf = ''
let expired: (() => void) | null = null

export function setCsrf(token: string) {
  csrf = token
}

export function csrfToken() {
  return csrf
}

/** Called when the server no longer knows the session, so that the log-in can be asked for in place. */
export function onSessionExpired(handler: () => void) {
  expired = handler
}

type Query = Record<string, string | number | boolean | null | undefined>

export interface Ask {
  query?: Query
  body?: unknown
  signal?: AbortSignal
  /** Idempotency-Key of a POST: sending twice then does it once. */
  key?: string
  /** ETag that an edit was based on. */
  match?: string
  /** A 401 answers this call only and says nothing about the session (the log-in form itself). */
  quiet?: boolean
}

export function address(path: string, query?: Query) {
  const words = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== '') words.set(name, String(value))
  }
  const text = words.toString()
  return apiBase + path + (text ? `?${text}` : '')
}

async function problemOf(answer: Response): Promise<Problem> {
  let said: Record<string, unknown> = {}
  try {
    said = (await answer.json()) as Record<string, unknown>
  } catch {
    // A proxy's own page, not ours: the status has to do.
  }
  const wait = Number(answer.headers.get('Retry-After') ?? 0) * 1000
  return new Problem(
    answer.status,
    String(said.code ?? (answer.status === 401 ? 'unauthenticated' : 'unavailable')),
    String(said.detail ?? ''),
    String(said.field ?? ''),
    String(said.request_id ?? answer.headers.get('X-Request-Id') ?? ''),
    Number(said.retry_after_ms ?? wait),
  )
}

export async function request(method: string, path: string, ask: Ask = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (ask.body !== undefined) headers['Content-Type'] = 'application/json'
  if (method !== 'GET' && csrf) headers['X-Parley-CSRF'] = csrf
  if (ask.key) headers['Idempotency-Key'] = ask.key
  if (ask.match) headers['If-Match'] = ask.match
  const answer = await fetch(address(path, ask.query), {
    method,
    headers,
    credentials: 'same-origin',
    body: ask.body === undefined ? undefined : JSON.stringify(ask.body),
    signal: ask.signal,
  })
  if (answer.ok) return answer
  if (answer.status === 401 && !ask.quiet) expired?.()
  throw await problemOf(answer)
}

async function json<T>(method: string, path: string, ask?: Ask): Promise<T> {
  const answer = await request(method, path, ask)
  if (answer.status === 204) return undefined as T
  const text = await answer.text()
  return (text ? JSON.parse(text) : undefined) as T
}

export const http = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => json<T>('GET', path, { query, signal }),
  post: <T>(path: string, body: unknown = {}, ask: Ask = {}) => json<T>('POST', path, { ...ask, body }),
  put: <T>(path: string, body: unknown) => json<T>('PUT', path, { body }),
  patch: <T>(path: string, body: unknown, match = '') => json<T>('PATCH', path, { body, match }),
  delete: <T>(path: string) => json<T>('DELETE', path),
}
