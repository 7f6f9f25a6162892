// A newer console on the server is taken by itself once nobody has touched this one for ten minutes,
// and never while something is being written.
import { onBeforeUnmount, onMounted } from 'vue'
import { useLink } from '@/stores/link'
import { useOutbox } from '@/stores/outbox'

const idle_ms = 600_000
const look_ms = 30_000

export function useFreshness() {
  const link = useLink()
  const outbox = useOutbox()
  let touched = Date.now()
  const touch = () => (touched = Date.now())
  const writing = () => [...document.querySelectorAll('textarea')].some((field) => field.value !== '')

  function look() {
    if (link.newVersion && outbox.unsent === 0 && !writing() && Date.now() - touched > idle_ms) location.reload()
  }

  let timer: ReturnType<typeof setInterval>
  onMounted(() => {
    for (const kind of ['pointerdown', 'keydown', 'wheel']) addEventListener(kind, touch, { passive: true })
    timer = setInterval(look, look_ms)
  })
  onBeforeUnmount(() => {
    for (const kind of ['pointerdown', 'keydown', 'wheel']) removeEventListener(kind, touch)
    clearInterval(timer)
  })
}
