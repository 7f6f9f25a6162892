// The moments that a conversation is usually put off to, in the reader's own time.

export interface Preset { id: 'hour' | 'evening' | 'tomorrow' | 'monday' | 'week'; at: Date }

function on(from: Date, days: number, hour: number): Date {
  return new Date(from.getFullYear(), from.getMonth(), from.getDate() + days, hour, 0, 0, 0)
}

export function presets(now: Date): Preset[] {
  const list: Preset[] = [{ id: 'hour', at: new Date(now.getTime() + 3_600_000) }]
  if (now.getHours() < 16) list.push({ id: 'evening', at: on(now, 0, 18) })
  list.push({ id: 'tomorrow', at: on(now, 1, 9) })
  const toMonday = (8 - now.getDay()) % 7 || 7
  // On a Sunday "tomorrow" is Monday already.
  if (toMonday > 1) list.push({ id: 'monday', at: on(now, toMonday, 9) })
  list.push({ id: 'week', at: on(now, 7, 9) })
  return list
}
