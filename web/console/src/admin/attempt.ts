// Admin pages ask, say what came of it, and keep the server's advice on a wrong field beside that field.
import { ref } from 'vue'
import { asProblem, type Problem } from '@/api/http'
import { explain } from '@/commands/explain'
import { t } from '@/i18n'
import { useScreen } from '@/stores/screen'

export function useAttempt() {
  const busy = ref(false)
  const problem = ref<Problem | null>(null)

  async function attempt(work: () => Promise<unknown>, said = ''): Promise<boolean> {
    busy.value = true
    problem.value = null
    try {
      await work()
      if (said) useScreen().say(said)
      return true
    } catch (thrown) {
      problem.value = asProblem(thrown)
      useScreen().say(t('toast.not_done', { why: explain(thrown) }), { bad: true })
      return false
    } finally {
      busy.value = false
    }
  }

  const wrong = (field: string) => (problem.value?.field.endsWith(field) ? explain(problem.value) : '')
  return { busy, problem, attempt, wrong }
}

/** Copies a text and says so; where the browser refuses, the text stays selectable on screen. */
export async function copy(text: string) {
  try {
    await navigator.clipboard.writeText(text)
    useScreen().say(t('toast.copied'))
  } catch {
    useScreen().say(t('toast.not_copied'), { bad: true })
  }
}
