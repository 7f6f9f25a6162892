// Commands that go somewhere.
import type { View } from '@/api/shapes'
import { usePreferences } from '@/stores/preferences'
import { useScreen } from '@/stores/screen'
import type { IconName } from '@/ui/icons'
import type { Command } from './command'

const always = () => true

export const viewIcons: Record<View, IconName> = {
  mine: 'inbox', mentions: 'at', drafts: 'pencil', snoozed: 'moon', unassigned: 'people', team: 'hash', all: 'list', failed: 'alert',
}

const viewKeys: Record<View, string> = {
  mine: 'g i', unassigned: 'g u', team: 'g t', all: 'g e', mentions: 'g m', drafts: 'g d', snoozed: 'g s', failed: 'g f',
}

const views: Command[] = (Object.keys(viewKeys) as View[]).map((view) => ({
  id: `go.${view}`, label: `command.go_${view}`, icon: viewIcons[view], scope: 'global', section: 'go', keys: [viewKeys[view]],
  when: (context) => context.reads,
  run: (context) => context.router.push({ name: 'inbox', params: { view } }),
}))

export const navigationCommands: Command[] = [
  {
    id: 'palette', label: 'command.palette', icon: 'search', scope: 'composer', section: 'go', keys: ['mod+k'],
    when: always,
    run: () => (useScreen().palette = !useScreen().palette),
  },
  {
    id: 'shortcuts', label: 'command.shortcuts', icon: 'key', scope: 'global', section: 'go', keys: ['?'],
    when: always,
    run: () => (useScreen().dialog = 'shortcuts'),
  },
  {
    id: 'go.search', label: 'command.go_search', icon: 'search', scope: 'global', section: 'go', keys: ['/', 'mod+shift+f'],
    when: (context) => context.reads,
    run: (context) => context.router.push({ name: 'search' }),
  },
  ...views,
  {
    id: 'go.admin', label: 'command.go_admin', icon: 'gear', scope: 'global', section: 'go', keys: ['g a'],
    when: (context) => context.manages,
    run: (context) => context.router.push({ name: 'admin' }),
  },
  {
    id: 'go.profile', label: 'command.go_profile', icon: 'people', scope: 'global', section: 'go', keys: ['g p'],
    when: always,
    run: (context) => context.router.push({ name: 'profile' }),
  },
  {
    id: 'list.next', label: 'command.next', icon: 'down', scope: 'global', section: 'list', keys: ['j'], repeats: true,
    when: always,
    run: (context) => context.step(1),
  },
  {
    id: 'list.previous', label: 'command.previous', icon: 'up', scope: 'global', section: 'list', keys: ['k'], repeats: true,
    when: always,
    run: (context) => context.step(-1),
  },
  {
    id: 'list.next_unread', label: 'command.next_unread', icon: 'down', scope: 'global', section: 'list', keys: ['shift+j'], repeats: true,
    when: always,
    run: (context) => context.step(1, true),
  },
  {
    id: 'list.previous_unread', label: 'command.previous_unread', icon: 'up', scope: 'global', section: 'list', keys: ['shift+k'], repeats: true,
    when: always,
    run: (context) => context.step(-1, true),
  },
  {
    id: 'list.back', label: 'command.back', icon: 'left', scope: 'global', section: 'list', keys: ['u'],
    when: (context) => context.conversation !== null,
    run: (context) => context.back(),
  },
  {
    id: 'context.toggle', label: 'command.context', icon: 'eye', scope: 'global', section: 'list', keys: ['.', 'v'],
    when: (context) => context.conversation !== null,
    run: () => {
      if (matchMedia('(min-width: 1440px)').matches) {
        const preferences = usePreferences()
        preferences.set('context_open', !preferences.kept.context_open)
      } else useScreen().drawerOpen = !useScreen().drawerOpen
    },
  },
]
