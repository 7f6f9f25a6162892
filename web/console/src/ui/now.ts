// One clock for everything that ticks: a second hand that stops while the page is hidden.
import { ref } from 'vue'

/** Milliseconds, moving once a second. */
export const now_ms = ref(Date.now())

let timer: ReturnType<typeof setTimeout> | undefined

function tick() {
  now_ms.value = Date.now()
  timer = setTimeout(tick, 1000 - (now_ms.value % 1000))
}

function turn() {
  clearTimeout(timer)
  if (document.visibilityState === 'visible') tick()
}

if (typeof document !== 'undefined') {
  document.addEventListener('visibilitychange', turn)
  turn()
}
