// For whom a conversation waits that was handed on: that colleague alone, until a moment, then whoever is free.
import type { Conversation } from '@/api/shapes'
import { useDirectory } from '@/stores/directory'
import { useLink } from '@/stores/link'
import { now_ms } from '@/ui/now'

export interface Awaited {
  name: string
  /** Microseconds, the server's clock. */
  until: number
}

export function awaited(where: Conversation): Awaited | null {
  const { request } = where
  if (!request?.for || !request.until || request.until <= now_ms.value * 1000 + useLink().offset_us) return null
  const name = useDirectory().agentsById.get(request.for)?.name
  return name ? { name, until: request.until } : null
}
