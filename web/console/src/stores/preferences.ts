// How this person likes the console: on this device at once, on the server a moment later.
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { setLocale, type Locale } from '@/i18n'
import { useSession } from './session'
import type { Sort } from './views'

export type Theme = 'system' | 'light' | 'dark' | 'contrast'
export type Density = 'compact' | 'comfortable' | 'spacious'

interface Kept {
  theme: Theme
  density: Density
  locale: Locale
  enter_sends: boolean
  single_keys: boolean
  sound: boolean
  notify: boolean
  context_open: boolean
  sort: Sort
  list_width: number
  context_width: number
  keys: Record<string, string[]>
}

const defaults: Kept = {
  theme: 'system',
  density: 'comfortable',
  locale: 'en',
  enter_sends: false,
  single_keys: true,
  sound: true,
  notify: false,
  context_open: true,
  sort: 'waiting',
  list_width: 340,
  context_width: 316,
  keys: {},
}

const shelf = 'parley.preferences'

function stored(): Partial<Kept> {
  try {
    return JSON.parse(localStorage.getItem(shelf) ?? '{}') as Partial<Kept>
  } catch {
    return {}
  }
}

function browserLocale(): Locale {
  return (navigator.languages ?? [navigator.language]).some((tag) => tag.toLowerCase().startsWith('zh')) &&
    navigator.language.toLowerCase().startsWith('zh')
    ? 'zh-CN'
    : 'en'
}

export const usePreferences = defineStore('preferences', () => {
  const session = useSession()
  const kept = ref<Kept>({ ...defaults, locale: browserLocale(), ...stored() })
  const dark = ref(matchMedia('(prefers-color-scheme: dark)').matches)
  const contrast = ref(matchMedia('(prefers-contrast: more)').matches)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', (e) => (dark.value = e.matches))
  matchMedia('(prefers-contrast: more)').addEventListener('change', (e) => (contrast.value = e.matches))

  const shownTheme = computed(() => {
    if (kept.value.theme !== 'system') return kept.value.theme
    return contrast.value ? 'contrast' : dark.value ? 'dark' : 'light'
  })

  let timer: ReturnType<typeof setTimeout> | undefined
  let fromServer = false

  function save() {
    localStorage.setItem(shelf, JSON.stringify(kept.value))
    if (fromServer || session.state !== 'in') return
    clearTimeout(timer)
    timer = setTimeout(() => {
      const { theme, density, locale, ...preferences } = kept.value
      // Kept on this device anyway; a server that is away gets it with the next change.
      session.update({ theme, density, locale, preferences: preferences as object as Record<string, never> }).catch(() => undefined)
    }, 800)
  }

  watch(kept, save, { deep: true })
  watch([shownTheme, () => kept.value.density], ([theme, density]) => {
    document.documentElement.dataset.theme = theme
    document.documentElement.dataset.density = density
  }, { immediate: true })
  watch(() => kept.value.locale, (locale) => void setLocale(locale), { immediate: true })

  /** Takes what the server has kept for this person. */
  function adopt() {
    const me = session.me
    if (!me) return
    fromServer = true
    const theirs: Partial<Kept> = { ...(me.preferences as Partial<Kept> | undefined) }
    if (me.theme && ['system', 'light', 'dark', 'contrast'].includes(me.theme)) theirs.theme = me.theme as Theme
    if (me.density && me.density in { compact: 1, comfortable: 1, spacious: 1 }) theirs.density = me.density as Density
    // A choice made on this device wins, then one kept with the account. An account that nobody has set up yet
    // is English: whoever's browser speaks Chinese is not answered in that.
    const chosen = Object.keys(me.preferences).length > 0 || !me.locale.startsWith('en')
    if (chosen && !stored().locale) theirs.locale = me.locale.startsWith('zh') ? 'zh-CN' : 'en'
    kept.value = { ...kept.value, ...theirs }
    queueMicrotask(() => (fromServer = false))
  }

  function set<Name extends keyof Kept>(name: Name, value: Kept[Name]) {
    kept.value[name] = value
  }

  return { kept, shownTheme, adopt, set }
})
