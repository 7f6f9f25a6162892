// Tells the customer that somebody is writing: once every few seconds while keys are pressed, and when it ends.
import { useLink } from '@/stores/link'

const again_ms = 3000
const idle_ms = 6000

export function useTyping(conversation: () => string, writing: () => boolean, changed: () => void) {
  const link = useLink()
  let on = ''
  let said = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function stop() {
    clearTimeout(timer)
    if (!on) return
    link.cast('typing', { conversation: on, on: false })
    on = ''
    said = 0
    changed()
  }

  function typed() {
    const where = conversation()
    if (on && on !== where) stop()
    if (!writing()) return stop()
    const now = Date.now()
    if (now - said > again_ms) {
      const first = !on
      said = now
      on = where
      link.cast('typing', { conversation: where, on: true })
      if (first) changed()
    }
    clearTimeout(timer)
    timer = setTimeout(stop, idle_ms)
  }

  return { typed, stop }
}
