// Every command of the console stands here once. Buttons, shortcuts, the palette and the sheet of
// shortcuts all read this list, so a key, a label and a permission cannot differ between them.
import { useDesk } from '@/stores/desk'
import { useInbox } from '@/stores/inbox'
import { usePreferences } from '@/stores/preferences'
import { composerCommands } from './composer'
import type { Command } from './command'
import { conversationCommands } from './conversation'
import { navigationCommands } from './navigation'
import { settingsCommands } from './settings'
import { useSteps } from './steps'

const offerCommands: Command[] = [
  {
    id: 'offer.accept', label: 'command.offer_accept', icon: 'check', scope: 'global', section: 'conversation', keys: ['alt+a'],
    when: () => useDesk().offer !== null,
    run: (context) => context.answerOffer('accept'),
  },
  {
    id: 'offer.decline', label: 'command.offer_decline', icon: 'x', scope: 'global', section: 'conversation', keys: ['alt+d'],
    when: () => useDesk().offer !== null,
    run: (context) => context.answerOffer('decline'),
  },
  {
    id: 'undo', label: 'command.undo', icon: 'back', scope: 'global', section: 'conversation', keys: ['z'],
    when: (context) => context.reads,
    run: () => useSteps().undo(),
  },
  {
    id: 'list.fresh', label: 'command.show_new', icon: 'up', scope: 'global', section: 'list', keys: [],
    when: () => useInbox().waiting > 0,
    run: (context) => context.showNew(),
  },
]

export const commands: readonly Command[] = [
  ...offerCommands, ...conversationCommands, ...composerCommands, ...navigationCommands, ...settingsCommands,
]

const byId = new Map(commands.map((each) => [each.id, each]))

export function command(id: string): Command {
  const found = byId.get(id)
  if (!found) throw new Error(`no such command: ${id}`)
  return found
}

/** The keys of a command as this person has set them; an empty list switches its shortcut off. */
export function keysOf(each: Command): string[] {
  const { kept } = usePreferences()
  return kept.keys[each.id] ?? each.keys
}
