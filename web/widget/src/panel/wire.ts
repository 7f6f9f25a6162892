// What is read from and written to the wire beside the protocol's own shapes.
import type { PageContext } from '../shared/messages.ts'

/** When the address of a file ends, ms; never for one that says nothing of it. */
export function endOf(url: string | undefined): number {
  const end = /[?&]expires=(\d+)/.exec(url ?? '')?.[1]
  return end === undefined ? Infinity : Number(end) / 1000
}

/** Whom a signed identity speaks of; nothing here trusts it, the server checks the signature. */
export function subjectOf(jwt: string): string | undefined {
  try {
    const payload = (jwt.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')
    return String((JSON.parse(atob(payload)) as { sub?: unknown }).sub ?? '') || undefined
  } catch {
    return undefined
  }
}

/** Only what the protocol has a word for, and nothing empty. */
export function wirePage(page: PageContext): Record<string, string> {
  const wire: Record<string, string> = {}
  for (const member of ['url', 'title', 'order', 'product'] as const) {
    const value = page[member]
    if (value) wire[member] = value.slice(0, 2_000)
  }
  return wire
}
