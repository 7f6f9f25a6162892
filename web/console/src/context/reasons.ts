// The reasons of a routing decision in words. Codes come from the server; what is not meant for people has no words.
import type { Reason, Why } from '@/api/shapes'
import { t, te } from '@/i18n'
import { count } from '@/i18n/format'

export function reasonText(reason: Reason): string | null {
  const key = `reason.${reason.code}`
  return te(key) ? t(key, { used: count(reason.used ?? 0), units: count(reason.units ?? 0) }) : null
}

export function reasonTexts(why: Why | null | undefined): string[] {
  return (why?.reasons ?? []).map(reasonText).filter((text): text is string => text !== null && text !== '')
}

/** Why this came now, as one sentence for the offer card. */
export function oneSentence(why: Why | null | undefined): string {
  const texts = reasonTexts(why).slice(0, 2)
  return texts.length ? t('offer.because', { why: texts.join(t('offer.and')) }) : t('offer.next_in_line')
}
