// The frames of docs/realtime.md. Unknown members and kinds are allowed everywhere: a newer server may send them.
import type {
  Conversation, Entry, Id, Limits, Offer, Position, Presence, PublicEntry, QueuePlace, VisitorConversation, FormField,
} from './shapes.ts'

export type ErrorCode =
  | 'invalid' | 'malformed' | 'unauthenticated' | 'forbidden' | 'not_found' | 'conflict' | 'stale_reply'
  | 'gone' | 'too_large' | 'unsupported' | 'rate_limited' | 'busy' | 'unavailable' | 'internal'

interface WelcomeBase {
  op: 'welcome'
  v: number
  epoch: string
  as_of: Position
  resume: 'replay' | 'snapshot'
  /** Microseconds since 1970 UTC. */
  server_time: number
  limits?: Limits
}

export interface AgentWelcome extends WelcomeBase {
  /** Version of the console that the server carries. */
  app?: string
  me: { id: Id; name: string } & Record<string, unknown>
  offers: Offer[]
  presence: Presence
  load?: { used: number; units: number }
}

export interface VisitorWelcome extends WelcomeBase {
  /** Only when it is new: keep it. */
  token?: string
  me: { name?: string; verified?: boolean; email?: string | null }
  inbox: {
    name: string
    locale: string
    open: boolean
    /** Somebody can answer now. */
    online?: boolean
    opens_at?: number | null
    form?: FormField[]
    greeting?: string
    privacy?: string
  }
  conversation: VisitorConversation | null
  entries: PublicEntry[]
  more: boolean
  queue: QueuePlace | null
}

export type Welcome = AgentWelcome | VisitorWelcome

/** News of something committed; carries the whole present state of what changed. */
export interface EventFrame {
  op: string
  after: Position
  at: Position
  what: string
  entry?: Entry | PublicEntry
  conversation?: Conversation | VisitorConversation
  offer?: Offer
  [member: string]: unknown
}

/** Ephemeral: no position, never replayed, expires by itself. */
export interface LiveFrame {
  op: 'live'
  what: string
  [member: string]: unknown
}

export interface OkFrame {
  op: 'ok' | 'history'
  cid: string
  at?: Position
  seq?: number
  [member: string]: unknown
}

export interface ErrFrame {
  op: 'err'
  cid?: string
  code: ErrorCode
  detail?: string
  field?: string
  retryable?: boolean
  retry_after_ms?: number
  [member: string]: unknown
}

/** Something to be done: sent until it is answered, always with the same `cid`. */
export interface CommandFrame {
  op: string
  cid: string
  [member: string]: unknown
}

/** Something that is not answered and may be lost: typing, viewing, read. */
export interface CastFrame {
  op: string
  [member: string]: unknown
}

/** Every frame inside one text message of the server: one object, or an array of them. Throws on bad JSON. */
export function parseFrames(text: string): Record<string, unknown>[] {
  const parsed: unknown = JSON.parse(text)
  const list = Array.isArray(parsed) ? parsed : [parsed]
  for (const frame of list) {
    if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) {
      throw new SyntaxError('a frame is a JSON object')
    }
  }
  return list as Record<string, unknown>[]
}
