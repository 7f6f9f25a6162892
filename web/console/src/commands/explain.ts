import { asProblem } from '@/api/http'
import { t, te } from '@/i18n'
import { inWords } from '@/i18n/problems'

// What the server says with these is for its log and its operator.
const forTheLog = new Set(['internal', 'unavailable', 'busy', 'unauthenticated', 'malformed'])

/** A problem in words: the server's own advice in the reader's language, else ours for its code. */
export function explain(thrown: unknown): string {
  const problem = asProblem(thrown)
  const said = forTheLog.has(problem.code) ? null : inWords(problem.detail)
  if (said) return said
  const key = `problem.${problem.code}`
  return te(key) ? t(key) : problem.detail || t('problem.internal')
}
