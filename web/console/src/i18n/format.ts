// Dates, durations and money in the reader's language. Times come in as microseconds.
import { localeNow, t } from './index'

const made = new Map<string, Intl.DateTimeFormat>()

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = localeNow.value + JSON.stringify(options)
  let format = made.get(key)
  if (!format) {
    try {
      format = new Intl.DateTimeFormat(localeNow.value, options)
    } catch {
      // An unknown time zone in a customer's record must not take the panel down.
      format = new Intl.DateTimeFormat(localeNow.value, { ...options, timeZone: undefined })
    }
    made.set(key, format)
  }
  return format
}

const ms = (micros: number) => micros / 1000

export function clock(micros: number, timeZone?: string) {
  return dates({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }).format(ms(micros))
}

export function dayKey(micros: number) {
  const d = new Date(ms(micros))
  return `${d.getFullYear()}-${d.getMonth()}-${d.getDate()}`
}

/** "Today", "Yesterday", or the weekday and date. */
export function dayLabel(micros: number, now_ms: number) {
  if (dayKey(micros) === dayKey(now_ms * 1000)) return t('time.today')
  if (dayKey(micros) === dayKey((now_ms - 86_400_000) * 1000)) return t('time.yesterday')
  const sameYear = new Date(ms(micros)).getFullYear() === new Date(now_ms).getFullYear()
  return dates({ weekday: 'long', day: 'numeric', month: 'long', year: sameYear ? undefined : 'numeric' }).format(ms(micros))
}

export function shortDate(micros: number) {
  return dates({ day: 'numeric', month: 'short' }).format(ms(micros))
}

export function fullTime(micros: number) {
  return dates({ dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' } as Intl.DateTimeFormatOptions).format(ms(micros))
}

/** The weekday and hour of a moment within a week, else its date: "Thu 09:00", "2 Dec". */
export function soon(micros: number, now_ms: number) {
  const away = Math.abs(ms(micros) - now_ms)
  if (dayKey(micros) === dayKey(now_ms * 1000)) return clock(micros)
  if (away < 6.5 * 86_400_000) return dates({ weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms(micros))
  return shortDate(micros)
}

/** The hour of a moment today, else its date and hour. */
export function moment(micros: number, now_ms: number) {
  return dayKey(micros) === dayKey(now_ms * 1000) ? clock(micros) : `${shortDate(micros)} ${clock(micros)}`
}

/** 0:48, 12:05, 1 h 20 m, 3 d: the shorter the time, the finer the figure. */
export function span(duration_ms: number) {
  const seconds = Math.max(0, Math.floor(duration_ms / 1000))
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  if (seconds < 86_400) {
    const minutes = Math.floor((seconds % 3600) / 60)
    return t('time.hours_minutes', { h: Math.floor(seconds / 3600), m: minutes })
  }
  return t('time.days', { d: Math.floor(seconds / 86_400) })
}

const digits = new Map<string, number>()

/** An amount given in the currency's smallest unit. */
export function money(minor: number, currency: string) {
  try {
    let places = digits.get(currency)
    if (places === undefined) {
      places = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
      digits.set(currency, places)
    }
    const value = minor / 10 ** places
    const whole = Number.isInteger(value)
    return new Intl.NumberFormat(localeNow.value, {
      style: 'currency', currency, currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: whole ? 0 : places, maximumFractionDigits: places,
    }).format(value)
  } catch {
    return `${(minor / 100).toFixed(2)} ${currency}`
  }
}

export function count(value: number) {
  return new Intl.NumberFormat(localeNow.value).format(value)
}

export function bytes(size: number) {
  const unit = size < 1_000_000 ? 'kilobyte' : 'megabyte'
  const value = size < 1_000_000 ? Math.max(1, Math.round(size / 1000)) : size / 1_000_000
  return new Intl.NumberFormat(localeNow.value, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(value)
}

/** The name of a language in the reader's own: 中文, English, العربية. */
export function languageName(tag: string) {
  try {
    const base = tag.split(/[-_]/u)[0] ?? tag
    return new Intl.DisplayNames([tag.replace('_', '-')], { type: 'language' }).of(base) ?? tag
  } catch {
    return tag
  }
}
