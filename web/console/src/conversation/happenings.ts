// Events in words. The server sends codes and values, never sentences.
import type { Entry } from '@/api/shapes'
import { t, te } from '@/i18n'
import { span } from '@/i18n/format'
import { useDirectory } from '@/stores/directory'

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

export interface OrderWords { number: string; status: string; total: number; currency: string; what: string }

export function orderText(entry: Entry): OrderWords {
  const { details } = entry
  const status = text(details.status)
  const lines = Array.isArray(details.lines) ? (details.lines as { name?: string; quantity?: number }[]) : []
  return {
    number: text(details.number), status: te(`order.did_${status}`) ? status : 'changed', total: Number(details.total_minor ?? 0),
    currency: text(details.currency) || 'CNY', what: lines.map((line) => `${line.quantity ?? 1} × ${line.name ?? ''}`).join(', '),
  }
}

export function formFields(entry: Entry): { label: string; value: string }[] {
  const fields = entry.details.fields
  if (!Array.isArray(fields)) return []
  return (fields as { label?: unknown; value?: unknown }[]).map((field) => ({ label: text(field.label), value: text(field.value) }))
}

/** An id or an object with a name, as a name. */
function named(value: unknown, from: (id: string) => string): string {
  if (value && typeof value === 'object' && 'name' in value) return text((value as { name: unknown }).name)
  const id = text(value)
  // Nobody is written as 0.
  return id && id !== '0' ? from(id) || id : ''
}

/** Why it happened: a code of the server, or what a person wrote. */
function caused(value: unknown): string {
  const word = text(value)
  return te(`cause.${word}`) ? t(`cause.${word}`) : word
}

function worded(value: unknown): string {
  const word = text(value)
  for (const group of ['status', 'priority', 'stage']) if (te(`${group}.${word}`)) return t(`${group}.${word}`)
  return word
}

export function eventText(entry: Entry): string {
  const { details } = entry
  const directory = useDirectory()
  const who = entry.author.kind === 'agent' ? entry.author.name : ''
  const agent = named(details.agent, (id) => directory.agentsById.get(id)?.name ?? '')
  const team = named(details.team, directory.teamName)
  const params = {
    who: who || t(`author.${entry.author.kind}`), agent, team, from: worded(details.from), to: worded(details.to),
    reason: caused(details.reason), tag: named(details.tag, directory.tagName), title: text(details.title) || text(details.url), text: entry.text,
    span: span(Number(details.duration_ms ?? 0)),
  }
  if (entry.kind === 'visit') return t('event.visit', params)
  if (entry.kind === 'call') return t(details.direction === 'out' ? 'event.call_out' : 'event.call_in', params)
  if (entry.kind === 'survey') return entry.text || t('kind.survey')
  const happening = text(details.happening)
  if (happening === 'assigned' && agent && agent === who) return t('event.taken', params)
  if (happening === 'assigned' && !agent && details.reason === 'transferred') return t('event.handed_over', params)
  if (happening === 'assigned' && !agent) return [t('event.unassigned', params), params.reason].filter(Boolean).join(' · ')
  if (te(`event.${happening}`)) return [t(`event.${happening}`, params), params.reason].filter(Boolean).join(' · ')
  return entry.text || happening.replaceAll('_', ' ') || t('kind.event')
}
