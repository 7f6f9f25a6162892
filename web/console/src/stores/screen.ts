// What is open on this screen besides the route: dialogs, the palette, the one toast, what is announced.
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'

export type Dialog = 'snooze' | 'transfer' | 'assign' | 'priority' | 'tags' | 'shortcuts'

export interface Toast {
  id: number
  text: string
  bad?: boolean
  undo?: () => void
}

const toast_ms = 8000

export const useScreen = defineStore('screen', () => {
  const dialog = ref<Dialog | null>(null)
  const palette = ref(false)
  const viewsOpen = ref(false)
  const drawerOpen = ref(false)
  const toast = shallowRef<Toast | null>(null)
  const polite = ref('')
  const assertive = ref('')
  let counter = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  /** One toast at a time; the newer one replaces the older. */
  function say(text: string, more: Partial<Omit<Toast, 'id' | 'text'>> = {}) {
    counter += 1
    toast.value = { id: counter, text, ...more }
    if (more.bad) assertive.value = text
    else polite.value = text
    clearTimeout(timer)
    timer = setTimeout(hush, toast_ms)
  }

  function hush() {
    clearTimeout(timer)
    toast.value = null
  }

  function undo() {
    const now = toast.value
    hush()
    now?.undo?.()
  }

  function announce(text: string, urgent = false) {
    if (urgent) assertive.value = text
    else polite.value = text
  }

  return { dialog, palette, viewsOpen, drawerOpen, toast, polite, assertive, say, hush, undo, announce }
})
