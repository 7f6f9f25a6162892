// The two widths that change what is on screen, as values for script.
import { ref, type Ref } from 'vue'

function following(query: string): Ref<boolean> {
  const list = matchMedia(query)
  const value = ref(list.matches)
  list.addEventListener('change', (event) => (value.value = event.matches))
  return value
}

/** Room for the context beside the conversation. */
export const wideScreen = following('(min-width: 1440px)')
/** One pane at a time. */
export const phone = following('(max-width: 767px)')
