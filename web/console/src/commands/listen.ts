// One listener for the whole page: from key presses, also in sequence ("g i"), to commands.
import { onBeforeUnmount, onMounted } from 'vue'
import { usePreferences } from '@/stores/preferences'
import { useScreen } from '@/stores/screen'
import type { Command, Context } from './command'
import { isComposing, isEditable, isSingle, pressName } from './keys'
import { commands, keysOf } from './registry'

const sequence_ms = 1200

export interface Match { command: Command | null; prefix: boolean }

/** The command that these presses mean, or whether they may still become one. */
export function match(presses: string, typing: boolean, context: Context, all: readonly Command[] = commands): Match {
  const { kept } = usePreferences()
  let prefix = false
  for (const each of all) {
    if (typing && each.scope !== 'composer') {
      // Chords that type nothing hold everywhere; single keys never steal what is being typed.
      if (!keysOf(each).some((keys) => !isSingle(keys))) continue
    }
    for (const keys of keysOf(each)) {
      if (isSingle(keys) && (typing || !kept.single_keys)) continue
      if (keys === presses && each.when(context)) return { command: each, prefix: false }
      if (keys.startsWith(`${presses} `)) prefix = true
    }
  }
  return { command: null, prefix }
}

export function useShortcuts(context: () => Context) {
  const screen = useScreen()
  let before = ''
  let at = 0

  function onKey(event: KeyboardEvent) {
    if (event.defaultPrevented || isComposing(event)) return
    const press = pressName(event)
    if (!press) return
    const covered = screen.palette || screen.dialog !== null
    if (covered && press !== 'mod+k') return
    const open = event.target instanceof HTMLElement && event.target.closest('[role="menu"],[role="dialog"]')
    if (open && press !== 'mod+k') return
    const presses = before && event.timeStamp - at < sequence_ms ? `${before} ${press}` : press
    const typing = isEditable(event.target)
    let found = match(presses, typing, context())
    if (!found.command && !found.prefix && presses !== press) found = match(press, typing, context())
    before = found.prefix ? (found.command ? '' : presses) : ''
    at = event.timeStamp
    if (found.command) {
      event.preventDefault()
      if (event.repeat && !found.command.repeats) return
      void found.command.run(context())
    } else if (found.prefix) event.preventDefault()
  }

  onMounted(() => document.addEventListener('keydown', onKey))
  onBeforeUnmount(() => document.removeEventListener('keydown', onKey))
}
