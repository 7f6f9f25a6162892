// Two languages, each a catalogue of its own; the second is fetched only by those who read it.
import { createI18n } from 'vue-i18n'
import { ref } from 'vue'
import en from './en.json'
import { setSentences } from './problems'

export type Locale = 'en' | 'zh-CN'
export const locales: { id: Locale; name: string }[] = [
  { id: 'en', name: 'English' },
  { id: 'zh-CN', name: '中文' },
]

export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages: { en } as Record<string, typeof en>,
  missingWarn: false,
  fallbackWarn: false,
})

let chinese: Record<string, string> = {}

export const localeNow = ref<Locale>('en')

export async function setLocale(locale: Locale) {
  if (locale === 'zh-CN' && !i18n.global.availableLocales.includes('zh-CN')) {
    const [zh, sentences] = await Promise.all([import('./zh-CN.json'), import('./problems.zh-CN.json')])
    i18n.global.setLocaleMessage('zh-CN', zh.default as unknown as typeof en)
    chinese = sentences.default
  }
  setSentences(locale === 'zh-CN' ? chinese : null)
  i18n.global.locale.value = locale
  localeNow.value = locale
  document.documentElement.lang = locale
}

/** For code outside components. */
export const t = (key: string, params: Record<string, unknown> = {}) => i18n.global.t(key, params)
export const te = (key: string) => i18n.global.te(key) || i18n.global.te(key, 'en')
