// The shapes that travel over sockets and REST, named as in docs/realtime.md.
// Ids and positions are strings, times integers in microseconds since 1970 UTC, durations end in _ms.

export type Id = string
export type Position = string
/** Microseconds since 1970-01-01 UTC. */
export type Instant = number

export type EntryKind =
  | 'message' | 'note' | 'event' | 'order' | 'call' | 'visit' | 'form' | 'survey' | 'system'
export type Delivery =
  | 'none' | 'held' | 'queued' | 'sent' | 'delivered' | 'read' | 'failed' | 'uncertain'
export type Stage = 'pre_sale' | 'in_sale' | 'after_sale'
export type Status = 'open' | 'pending' | 'snoozed' | 'resolved'
export type Priority = 'none' | 'low' | 'medium' | 'high' | 'urgent'
export type Tier = 'vip' | 'major' | 'regular' | 'small' | 'none'
export type Presence = 'available' | 'busy' | 'away' | 'offline'

export interface Author {
  kind: 'customer' | 'agent' | 'system' | 'bot'
  /** Absent for visitors. */
  id?: Id
  name?: string
}

export interface Attachment {
  id: Id
  name: string
  media_type: string
  /** Bytes. */
  size: number
  width?: number | null
  height?: number | null
  /** Signed and short-lived; absent until the server hands one out. */
  url?: string
}

/** The members both agents and visitors see. `seq` is the public one on visitor sockets. */
export interface PublicEntry {
  id: Id
  seq: number
  kind: EntryKind
  author: Author
  text: string
  happened: Instant
  cid?: string | null
  delivery?: Delivery
  attachments?: Attachment[]
  details?: Record<string, unknown> | null
  revision?: number
  redacted?: boolean
}

/** An entry as agents see it. */
export interface Entry extends PublicEntry {
  conversation: Id
  customer: Id
  public_seq?: number | null
  channel: string
  public: boolean
  stage: Stage
  received?: Instant
  delivery_detail?: string
}

export interface Conversation {
  id: Id
  at: Position
  inbox: Id
  customer: {
    id: Id
    name: string
    tier?: Tier
    verified?: boolean
    locale?: string | null
    anonymous?: boolean
  }
  status: Status
  priority: Priority
  stage: Stage
  stage_by_hand?: boolean
  channel: string
  subject?: string | null
  assignee?: { id: Id; name: string } | null
  team?: Id | null
  tags?: Id[]
  seq: number
  public_seq?: number
  preview?: { text: string; kind: EntryKind; author: Author['kind']; at: Instant } | null
  order?: { id: Id; number: string; status: string } | null
  opened?: Instant | null
  last_activity?: Instant | null
  waiting_since?: Instant | null
  first_response_due?: Instant | null
  snoozed_until?: Instant | null
  resolved?: Instant | null
  unread?: number
  agent_read_seq?: number
  customer_read_seq?: number
  failed?: boolean
  request?: { id: Id; state: 'waiting' | 'offered' | 'active'; since: Instant } | null
}

/** A reason why the engine chose this conversation for this agent. */
export interface Reason {
  code: string
  text?: string
  used?: number
  units?: number
}

/** Why a request came to an agent now; the sum is `waited_ms + head_start_ms = counts_as_ms`. */
export interface Why {
  waited_ms: number
  head_start_ms: number
  counts_as_ms: number
  score?: number
  basis?: string
  ahead_of?: number
  reasons?: Reason[]
}

export interface Offer {
  request: Id
  conversation: Conversation
  first_words: string
  expires: Instant
  expires_in_ms: number
  why: Why
}

/** A conversation as its own visitor sees it. */
export interface VisitorConversation {
  id: Id
  status: Status
  seq: number
  agent_read_seq?: number
  agent?: { name: string } | null
}

export interface FormField {
  name: string
  label: string
  type: string
  required?: boolean
}

export interface QueuePlace {
  place: number | null
  wait_ms?: number | null
}

export interface Limits {
  /** Characters in one message. */
  text?: number
  attachment_bytes?: number
  attachments?: number
}
