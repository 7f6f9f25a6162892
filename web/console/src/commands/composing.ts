// The one composer on screen, for commands that live outside of it. It registers itself when it is mounted.
import type { Attachment, Mode } from '@/api/shapes'
import type { Format } from '@/composer/format'

interface Composer {
  focus: (mode: Mode) => void
  focused: () => boolean
  attach: () => void
  send: (then?: 'resolve' | 'pending' | 'snooze', until?: number) => void
  edit: (text: string, mode: Mode, attachments: Attachment[]) => void
  format: (how: Format) => void
}

let now: Composer | null = null
let wanted: Mode | null = null

export const composing = {
  register(composer: Composer) {
    now = composer
    // Asked for while the composer was still on its way.
    if (wanted) composer.focus(wanted)
    wanted = null
    return () => {
      if (now === composer) now = null
    }
  },
  present: () => now !== null,
  focused: () => now?.focused() ?? false,
  focus(mode: Mode) {
    if (now) now.focus(mode)
    else wanted = mode
  },
  attach: () => now?.attach(),
  send: (then?: 'resolve' | 'pending' | 'snooze', until?: number) => now?.send(then, until),
  edit: (text: string, mode: Mode, attachments: Attachment[]) => now?.edit(text, mode, attachments),
  format: (how: Format) => now?.format(how),
}
