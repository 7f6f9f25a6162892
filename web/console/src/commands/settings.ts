// Commands that change how the console looks or whether this person is there.
import type { Presence } from '@/api/shapes'
import { t } from '@/i18n'
import { useDesk } from '@/stores/desk'
import { usePreferences, type Density, type Theme } from '@/stores/preferences'
import { useScreen } from '@/stores/screen'
import { useSession } from '@/stores/session'
import { explain } from './explain'
import type { Command } from './command'

const always = () => true

export async function setPresence(next: Presence) {
  try {
    await useDesk().setPresence(next)
  } catch (thrown) {
    useScreen().say(t('toast.not_done', { why: explain(thrown) }), { bad: true })
  }
}

const availability: Command[] = (['available', 'away', 'busy', 'offline'] as const).map((presence, index) => ({
  id: `presence.${presence}`, label: `command.presence_${presence}`, icon: 'people', scope: 'global', section: 'settings', keys: [`alt+${index + 1}`],
  when: () => useDesk().presence !== presence,
  run: () => setPresence(presence),
}))

const themes: Theme[] = ['system', 'light', 'dark', 'contrast']
const densities: Density[] = ['compact', 'comfortable', 'spacious']

function after<T>(list: T[], now: T): T {
  return list[(list.indexOf(now) + 1) % list.length] as T
}

export const settingsCommands: Command[] = [
  ...availability,
  {
    id: 'presence.pause', label: 'command.presence_toggle', icon: 'bell', scope: 'global', section: 'settings', keys: ['d'],
    when: always,
    run: () => setPresence(useDesk().presence === 'busy' ? 'available' : 'busy'),
  },
  {
    id: 'settings.theme', label: 'command.theme', icon: 'sun', scope: 'composer', section: 'settings', keys: ['mod+shift+l'],
    when: always,
    run: () => {
      const preferences = usePreferences()
      preferences.set('theme', after(themes, preferences.kept.theme))
      useScreen().say(t(`theme.${preferences.kept.theme}`))
    },
  },
  {
    id: 'settings.density', label: 'command.density', icon: 'list', scope: 'composer', section: 'settings', keys: ['mod+shift+d'],
    when: always,
    run: () => {
      const preferences = usePreferences()
      preferences.set('density', after(densities, preferences.kept.density))
      useScreen().say(t(`density.${preferences.kept.density}`))
    },
  },
  {
    id: 'settings.language', label: 'command.language', icon: 'globe', scope: 'global', section: 'settings', keys: [],
    when: always,
    run: () => {
      const preferences = usePreferences()
      preferences.set('locale', preferences.kept.locale === 'en' ? 'zh-CN' : 'en')
    },
  },
  {
    id: 'settings.log_out', label: 'command.log_out', icon: 'forward', scope: 'global', section: 'settings', keys: [],
    when: always,
    run: () => useSession().logOut(),
  },
]
