// What can be done to a conversation: what is asked for, what it changes, and how it is undone.
import type { Conversation, Priority, Stage, Status } from '@/api/shapes'
import { t } from '@/i18n'
import { soon } from '@/i18n/format'
import { useDirectory } from '@/stores/directory'
import { useSteps, type Verb } from './steps'

type Person = { id: string; name: string } | null

function statusVerb(status: Status, until: number | null): Verb {
  return { op: 'status', members: { status, ...(until ? { until } : {}) }, change: { status, snoozed_until: until } }
}

const assignVerb = (agent: Person): Verb => ({ op: 'assign', members: { agent: agent?.id ?? null }, change: { assignee: agent } })
const priorityVerb = (priority: Priority): Verb => ({ op: 'priority', members: { priority }, change: { priority } })

/** `null` lets the orders decide again. */
function stageVerb(stage: Stage | null): Verb {
  return { op: 'stage', members: { stage }, change: stage ? { stage, stage_by_hand: true } : { stage_by_hand: false } }
}

function tagVerb(tag: string, on: boolean): Verb {
  const tags = (held: string[]) => (on ? [...new Set([...held, tag])] : held.filter((each) => each !== tag))
  return { op: on ? 'tag' : 'untag', members: { tag }, change: (now) => ({ tags: tags(now.tags) }) }
}

export function setStatus(where: Conversation, status: Status, until?: number) {
  const name = where.customer.name || t('customer.visitor')
  return useSteps().perform({
    where, verb: statusVerb(status, until ?? null), after_reply: status !== 'open',
    back: (before) => statusVerb(before.status, before.status === 'snoozed' ? (before.snoozed_until ?? null) : null),
    words: () => (status === 'snoozed' ? t('toast.snoozed', { name, when: until ? soon(until, Date.now()) : '' }) : t(`toast.status_${status}`, { name })),
  })
}

export const resolveOrReopen = (where: Conversation) => setStatus(where, where.status === 'resolved' ? 'open' : 'resolved')

export function assign(where: Conversation, agent: Person) {
  return useSteps().perform({
    where, verb: assignVerb(agent), back: (before) => assignVerb(before.assignee ?? null), after_reply: true,
    words: () => (agent ? t('toast.assigned', { name: agent.name }) : t('toast.unassigned')),
  })
}

export function transfer(where: Conversation, to: { agent?: { id: string; name: string }; team?: string }, note: string) {
  const directory = useDirectory()
  const members: Record<string, unknown> = { note }
  if (to.agent) members.agent = to.agent.id
  if (to.team) members.team = to.team
  return useSteps().perform({
    where, after_reply: true,
    // It is offered, not given: nobody has it until somebody takes it.
    verb: { op: 'transfer', members, change: to.team ? { assignee: null, team: to.team } : { assignee: null } },
    words: () => {
      if (!to.agent) return t('toast.transferred', { name: directory.teamName(to.team) })
      const there = directory.agentsById.get(to.agent.id)?.presence === 'available'
      return t(there ? 'toast.transfer_offered' : 'toast.transfer_queued', { name: to.agent.name })
    },
  })
}

export async function setPriority(where: Conversation, priority: Priority) {
  if (where.priority === priority) return true
  return useSteps().perform({
    where, verb: priorityVerb(priority), back: (before) => priorityVerb(before.priority),
    words: () => t('toast.priority', { priority: t(`priority.${priority}`) }),
  })
}

export function setStage(where: Conversation, stage: Stage | null) {
  return useSteps().perform({
    where, verb: stageVerb(stage), back: (before) => stageVerb(before.stage_by_hand ? before.stage : null),
    words: () => (stage ? t('toast.stage', { stage: t(`stage.${stage}`) }) : t('toast.stage_auto')),
  })
}

export function setTag(where: Conversation, tag: string, on: boolean) {
  const name = useDirectory().tagName(tag)
  return useSteps().perform({
    where, verb: tagVerb(tag, on), back: (before) => tagVerb(tag, before.tags.includes(tag)),
    words: () => t(on ? 'toast.tagged' : 'toast.untagged', { name }),
  })
}
