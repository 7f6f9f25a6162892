import { asProblem } from '@/api/http'
import { t, te } from '@/i18n'

/** A problem in words: ours for its code, else the server's own advice. */
export function explain(thrown: unknown): string {
  const problem = asProblem(thrown)
  const key = `problem.${problem.code}`
  return te(key) ? t(key) : problem.detail || t('problem.internal')
}
