// Commands while writing. Their keys hold inside the text field.
import type { Format } from '@/composer/format'
import { useScreen } from '@/stores/screen'
import type { IconName } from '@/ui/icons'
import type { Command, Context } from './command'
import { composing } from './composing'

const there = (context: Context) => context.conversation !== null && composing.present()

function format(how: Format, icon: IconName, key: string): Command {
  return {
    id: `composer.${how}`, label: `command.${how}`, icon, scope: 'composer', section: 'composer', keys: [key],
    // Its keys are the browser's own outside of the field.
    when: (context) => there(context) && composing.focused(),
    run: () => composing.format(how),
  }
}

/** In the order in which the tools stand under the field. */
export const formats: Command[] = [
  format('bold', 'bold', 'mod+b'), format('italic', 'italic', 'mod+i'), format('link', 'link', 'mod+shift+k'),
  format('list', 'list', 'mod+shift+8'), format('numbers', 'numbers', 'mod+shift+7'), format('quote', 'quote', 'mod+shift+9'), format('code', 'code', 'mod+e'),
]

export const composerCommands: Command[] = [
  {
    id: 'composer.send', label: 'command.send', icon: 'send', scope: 'composer', section: 'composer', keys: ['mod+enter'],
    when: there,
    run: () => composing.send(),
  },
  {
    id: 'composer.send_resolve', label: 'command.send_resolve', icon: 'checks', scope: 'composer', section: 'composer', keys: ['mod+shift+enter'],
    when: there,
    run: () => composing.send('resolve'),
  },
  {
    id: 'composer.send_snooze', label: 'command.send_snooze', icon: 'moon', scope: 'composer', section: 'composer', keys: ['mod+alt+enter'],
    when: there,
    run: () => {
      composing.send()
      useScreen().dialog = 'snooze'
    },
  },
  {
    id: 'composer.attach', label: 'command.attach', icon: 'clip', scope: 'composer', section: 'composer', keys: ['mod+shift+u'],
    when: there,
    run: () => composing.attach(),
  },
  ...formats,
]
