// What the host page's loader and the panel's frame say to each other with postMessage: version 1.
// Both sides read with `readMessage`, which lets nothing through that is not exactly one of these shapes.

/** Where the visitor is and what they look at. `image` is a small data: picture drawn by the host page. */
export interface PageContext {
  url?: string
  title?: string
  order?: string
  product?: string
  product_name?: string
  image?: string
}

/** From the host page to the panel. */
export type HostMessage =
  | ({ type: 'hello'; open: boolean; cover: boolean; locale: string; theme: string; colour: string } & PageContext)
  | ({ type: 'update'; locale?: string; theme?: string } & PageContext)
  /** `cover`: the panel covers the whole page (phones). */
  | { type: 'open'; cover: boolean }
  | { type: 'shut' }
  | { type: 'identify'; identity: string }
  | { type: 'logout' }

/** From the panel to the host page. */
export type PanelMessage =
  | { type: 'ready' }
  | { type: 'shut' }
  /** Entries by the other side that have not been looked at. */
  | { type: 'unread'; count: number }
  /** There is a conversation to come back to. */
  | { type: 'known'; known: boolean }
  /** Something the host page may listen to with `Parley('on', name, …)`. */
  | { type: 'happened'; name: string }

type Kind = 'string' | 'number' | 'boolean'
/** A trailing `?` marks what may be absent. */
type Shape = Record<string, Kind | `${Kind}?`>

const context: Shape = {
  url: 'string?', title: 'string?', order: 'string?', product: 'string?', product_name: 'string?', image: 'string?',
}

export const hostShapes: Record<HostMessage['type'], Shape> = {
  hello: { open: 'boolean', cover: 'boolean', locale: 'string', theme: 'string', colour: 'string', ...context },
  update: { locale: 'string?', theme: 'string?', ...context },
  open: { cover: 'boolean' },
  shut: {},
  identify: { identity: 'string' },
  logout: {},
}

export const panelShapes: Record<PanelMessage['type'], Shape> = {
  ready: {},
  shut: {},
  unread: { count: 'number' },
  known: { known: 'boolean' },
  happened: { name: 'string' },
}

const version = 1
const longest = 16_384 // characters in one member

/** The message with its version, as it is posted. */
export function sealed(message: HostMessage | PanelMessage): object {
  return { ...message, parley: version }
}

/** The message, with only the members its shape names; undefined for anything else. */
export function readMessage<M extends { type: string }>(data: unknown, shapes: Record<M['type'], Shape>): M | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const given = data as Record<string, unknown>
  if (given['parley'] !== version || !Object.hasOwn(shapes, given['type'] as string)) return undefined
  const message: Record<string, unknown> = { type: given['type'] }
  for (const [member, kind] of Object.entries<string>(shapes[given['type'] as M['type']])) {
    const value = given[member]
    if (value === undefined && kind.endsWith('?')) continue
    if (typeof value !== kind.replace('?', '')) return undefined
    if (typeof value === 'string' && value.length > longest) return undefined
    message[member] = value
  }
  return message as M
}
