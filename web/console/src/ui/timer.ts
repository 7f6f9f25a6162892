// What a conversation's timer says: only the next deadline, calm above a quarter of the time left.
import type { Conversation } from '@/api/shapes'
import { t } from '@/i18n'
import { soon, span } from '@/i18n/format'

export interface Timing {
  tone: '' | 'warn' | 'breach' | 'paused'
  text: string
  /** Share of the time that is left, 0 to 1; none means there is no fuse. */
  left: number | null
}

/** `now` and all times are microseconds of the server's clock. */
export function timing(each: Conversation, now: number): Timing | null {
  if (each.status === 'resolved') return null
  if (each.status === 'snoozed') {
    return { tone: 'paused', text: each.snoozed_until ? soon(each.snoozed_until, now / 1000) : t('timer.paused'), left: null }
  }
  const waiting = each.waiting_since
  if (!waiting) return each.status === 'pending' ? { tone: 'paused', text: t('timer.paused'), left: null } : null
  const due = each.first_response_due
  if (!due) return { tone: '', text: span((now - waiting) / 1000), left: null }
  if (due <= now) return { tone: 'breach', text: t('timer.over', { span: span((now - due) / 1000) }), left: 0 }
  const left = Math.min(1, (due - now) / Math.max(1, due - waiting))
  return { tone: left < 0.25 ? 'warn' : '', text: span((due - now) / 1000), left }
}
