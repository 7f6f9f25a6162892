// Commands while writing. Their keys hold inside the text field.
import { useScreen } from '@/stores/screen'
import type { Command, Context } from './command'
import { composing } from './composing'

const there = (context: Context) => context.conversation !== null && composing.present()

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
]
