// What goes into and comes out of the link's state machine (link.ts).
import type { CommandFrame, ErrFrame, EventFrame, LiveFrame, OkFrame, Welcome } from './frames.ts'

/** What the connection pill shows. */
export type LinkState =
  | 'connecting' | 'live' | 'reconnecting' | 'offline' | 'resyncing' | 'stale' | 'draining' | 'expired' | 'stopped'

export type Timer = 'connect' | 'greet' | 'beat' | 'pulse' | 'retry' | 'grace' | 'late' | 'steady'

export type Effect =
  | { do: 'open' }
  | { do: 'write'; text: string }
  | { do: 'close'; code: number; reason: string }
  | { do: 'wake'; timer: Timer; after_ms: number }
  | { do: 'unwake'; timer: Timer }

export type Notice =
  | { type: 'state'; state: LinkState; why: string }
  /** `fresh`: forget what you hold and take the state in the frame (visitor) or load it over REST (agent). */
  | { type: 'welcome'; welcome: Welcome; fresh: boolean }
  | { type: 'event'; event: EventFrame }
  | { type: 'live'; live: LiveFrame }
  | { type: 'ok'; command: CommandFrame; ok: OkFrame }
  /** Refused for good: not to be sent again unchanged. */
  | { type: 'refused'; command: CommandFrame; err: ErrFrame }
  /** Refused for now: goes out again by itself after `wait_ms`. */
  | { type: 'waiting'; command: CommandFrame; err: ErrFrame; wait_ms: number }
  /** The session or token is no longer valid (4003). */
  | { type: 'expired' }

export interface LinkOptions {
  /** Agents load state over REST after a snapshot and log in again after 4003; visitors do neither. */
  kind: 'agent' | 'visitor'
  /** The members of `hello` besides op, v, epoch and at; asked anew for every connection. */
  hello: () => Record<string, unknown>
  on_effect: (effect: Effect) => void
  on_notice: (notice: Notice) => void
  /** In [0, 1); for the jitter. */
  random?: () => number
}
