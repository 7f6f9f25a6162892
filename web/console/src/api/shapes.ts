// The shapes of the REST API by the names used on screen. They come from the server's own description:
// schema.d.ts is made from web/openapi.json by `npm run types`.
import type { components } from './schema'

type Shapes = components['schemas']

export type Agent = Shapes['agent']
export type Attachment = Shapes['attachment']
export type Conversation = Shapes['conversation']
export type Counts = Omit<Shapes['counts'], 'as_of'>
export type Customer = Shapes['customer']
export type Draft = Shapes['draft']
export type Entry = Shapes['entry']
export type Inbox = Shapes['inbox']
export type Me = Shapes['me']
export type Named = Shapes['named']
export type Offer = Shapes['offer']
export type Order = Shapes['order']
export type Reason = Shapes['offer_reason']
export type RoleGrant = Shapes['role_grant']
export type SearchHit = Shapes['search_hit']
export type SessionAnswer = Shapes['session_state']
export type Tag = Shapes['tag']
export type Team = Shapes['team']
export type Token = Shapes['token']
export type Why = Shapes['offer_why']
export type Shape<Name extends keyof Shapes> = Shapes[Name]

export type EntryKind = Entry['kind']
export type Mode = Draft['mode']
export type Presence = Me['presence']
export type Priority = Conversation['priority']
export type Stage = Conversation['stage']
export type Status = Conversation['status']
export type Tier = Customer['tier']
export type View = keyof Counts

export interface Page<T> { items: T[]; next?: string | null; as_of?: string }
