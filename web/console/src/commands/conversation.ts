// Commands on the conversation that is open.
import type { Stage } from '@/api/shapes'
import { t } from '@/i18n'
import { useScreen, type Dialog } from '@/stores/screen'
import { assign, markRead, markUnread, resolveOrReopen, setStage } from './actions'
import type { Command, Context } from './command'
import { composing } from './composing'
import { isEditable } from './keys'
import { reading } from './reading'

const open = (context: Context) => context.conversation !== null
const section = 'conversation' as const
const scope = 'global' as const

function dialog(id: string, which: Dialog, icon: Command['icon'], keys: string[]): Command {
  return {
    id: `conversation.${id}`, label: `command.${id}`, icon, scope, section, keys,
    when: open,
    run: () => (useScreen().dialog = which),
  }
}

function stage(which: Stage, key: string, icon: Command['icon']): Command {
  return {
    id: `conversation.stage_${which}`, label: `command.stage_${which}`, icon, scope, section, keys: [`q ${key}`],
    when: (context) => open(context) && context.conversation?.stage !== which,
    run: (context) => context.conversation && setStage(context.conversation, which),
  }
}

export const conversationCommands: Command[] = [
  {
    id: 'conversation.reply', label: 'command.reply', icon: 'reply', scope, section, keys: ['r'],
    when: open,
    run: () => composing.focus('reply'),
  },
  {
    id: 'conversation.note', label: 'command.note', icon: 'lock', scope, section, keys: ['n'],
    when: open,
    run: () => composing.focus('note'),
  },
  {
    id: 'conversation.resolve', label: 'command.resolve', icon: 'check', scope, section, keys: ['e'],
    when: (context) => open(context) && context.conversation?.status !== 'resolved',
    run: (context) => context.conversation && resolveOrReopen(context.conversation),
  },
  {
    id: 'conversation.reopen', label: 'command.reopen', icon: 'refresh', scope, section, keys: ['e'],
    when: (context) => context.conversation?.status === 'resolved',
    run: (context) => context.conversation && resolveOrReopen(context.conversation),
  },
  {
    id: 'conversation.resolve_next', label: 'command.resolve_next', icon: 'checks', scope, section, keys: ['shift+e'],
    when: (context) => open(context) && context.conversation?.status !== 'resolved',
    run: (context) => {
      const now = context.conversation
      context.step(1)
      if (now) void resolveOrReopen(now)
    },
  },
  dialog('snooze', 'snooze', 'moon', ['s']),
  dialog('transfer', 'transfer', 'forward', ['t']),
  dialog('assign', 'assign', 'people', ['a']),
  {
    id: 'conversation.assign_me', label: 'command.assign_me', icon: 'at', scope, section, keys: ['i'],
    when: (context) => open(context) && context.conversation?.assignee?.id !== context.me,
    run: (context) => context.conversation && assign(context.conversation, { id: context.me, name: t('common.you') }),
  },
  {
    id: 'conversation.unassign', label: 'command.unassign', icon: 'x', scope, section, keys: ['shift+a'],
    when: (context) => Boolean(context.conversation?.assignee),
    run: (context) => context.conversation && assign(context.conversation, null),
  },
  dialog('priority', 'priority', 'alert', ['p']),
  dialog('tags', 'tags', 'tag', ['l']),
  stage('pre_sale', '1', 'bag'),
  stage('in_sale', '2', 'truck'),
  stage('after_sale', '3', 'wrench'),
  {
    id: 'conversation.stage_auto', label: 'command.stage_auto', icon: 'refresh', scope, section, keys: ['q 0'],
    when: (context) => Boolean(context.conversation?.stage_by_hand),
    run: (context) => context.conversation && setStage(context.conversation, null),
  },
  {
    id: 'conversation.mark_unread', label: 'command.mark_unread', icon: 'mail', scope, section, keys: ['m'],
    when: (context) => open(context) && context.conversation?.unread === 0,
    run: (context) => context.conversation && markUnread(context.conversation, reading.message()),
  },
  {
    id: 'conversation.mark_read', label: 'command.mark_read', icon: 'mail', scope, section, keys: ['m'],
    when: (context) => (context.conversation?.unread ?? 0) > 0,
    run: (context) => context.conversation && markRead(context.conversation),
  },
  {
    id: 'thread.previous', label: 'command.message_up', icon: 'up', scope, section: 'list', keys: ['mod+up'], repeats: true,
    when: (context) => open(context) && !isEditable(document.activeElement),
    run: () => reading.step(-1),
  },
  {
    id: 'thread.next', label: 'command.message_down', icon: 'down', scope, section: 'list', keys: ['mod+down'], repeats: true,
    when: (context) => open(context) && !isEditable(document.activeElement),
    run: () => reading.step(1),
  },
  {
    id: 'conversation.copy_link', label: 'command.copy_link', icon: 'link', scope, section, keys: ['shift+c'],
    when: open,
    run: async (context) => {
      await navigator.clipboard?.writeText(`${location.origin}/inbox/all/${context.conversation?.id ?? ''}`)
      useScreen().say(t('toast.link_copied'))
    },
  },
]
