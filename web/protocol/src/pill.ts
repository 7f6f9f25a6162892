// What the connection pill says, from what the link knows. It never claims to be live when it is not,
// and a loss shorter than the grace period is not shown at all.
import type { LinkState } from './link_types.ts'

export type Phase = 'idle' | 'waiting' | 'opening' | 'greeting' | 'up' | 'expired' | 'stopped'
/** Whether the state asked for after a snapshot has been loaded. */
export type Sync = 'synced' | 'syncing' | 'failed'
export type Loss = 'none' | 'short' | 'shown' | 'late'

export interface Line {
  phase: Phase
  sync: Sync
  loss: Loss
  /** navigator.onLine. */
  network: boolean
  /** Has been up at least once. */
  was_up: boolean
  /** The server said that it goes away for a moment. */
  draining: boolean
  /** What is shown now. */
  shown: LinkState
}

export function pill(line: Line): LinkState {
  if (line.phase === 'expired' || line.phase === 'stopped') return line.phase
  if (!line.network) return 'offline'
  if (line.phase === 'up') return line.sync === 'synced' ? 'live' : line.sync === 'syncing' ? 'resyncing' : 'stale'
  if (line.loss === 'late') return 'offline'
  if (line.draining) return 'draining'
  if (!line.was_up) return 'connecting'
  if (line.loss === 'shown') return 'reconnecting'
  // Within the grace period the last word stands, except one that spoke of a network that has come back.
  return line.shown === 'offline' || line.shown === 'expired' ? 'reconnecting' : line.shown
}
