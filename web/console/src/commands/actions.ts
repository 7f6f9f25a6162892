// What can be done to a conversation: what is asked for, what it changes, and how it is undone.
import { asProblem, http, Problem } from '@/api/http'
import type { Conversation, Priority, Stage, Status } from '@/api/shapes'
import { t } from '@/i18n'
import { clock, soon } from '@/i18n/format'
import type { Change, Overlaid } from '@/stores/conversations'
import { useConversations } from '@/stores/conversations'
import { useDirectory } from '@/stores/directory'
import { useLink } from '@/stores/link'
import { useTimelines } from '@/stores/timelines'
import { keptUnread } from '@/realtime/open'
import { useScreen } from '@/stores/screen'
import { customerName } from '@/ui/names'
import { useSteps, type Verb } from './steps'

type Person = { id: string; name: string } | null

/** A command over the line: it outlives lost connections. */
function told(op: string, members: Record<string, unknown>, change: Overlaid): Verb {
  return { ask: (conversation, cid) => useLink().ask(op, { conversation, ...members }, `act/${conversation}`, cid), change }
}

function statusVerb(status: Status, until: number | null): Verb {
  return told('status', { status, ...(until ? { until } : {}) }, { status, snoozed_until: until })
}

const assignVerb = (agent: Person): Verb => told('assign', { agent: agent?.id ?? null }, { assignee: agent })
const priorityVerb = (priority: Priority): Verb => told('priority', { priority }, { priority })

/** `null` lets the orders decide again. */
function stageVerb(stage: Stage | null): Verb {
  return told('stage', { stage }, stage ? { stage, stage_by_hand: true } : { stage_by_hand: false })
}

function tagVerb(tag: string, on: boolean): Verb {
  const tags = (held: string[]) => (on ? [...new Set([...held, tag])] : held.filter((each) => each !== tag))
  return told(on ? 'tag' : 'untag', { tag }, (now) => ({ tags: tags(now.tags) }))
}

export function setStatus(where: Conversation, status: Status, until?: number) {
  const name = customerName(where.customer)
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

/** To a colleague or a team. `only_now` refuses what a colleague cannot take at once, instead of waiting for them. */
export function transfer(where: Conversation, to: { agent?: { id: string; name: string }; team?: string; only_now?: boolean }, note: string) {
  const directory = useDirectory()
  const members: Record<string, unknown> = { note }
  if (to.only_now) members.if_unavailable = 'refuse'
  // It is offered, not given: nobody has it until somebody takes it.
  const change: Change = to.team ? { assignee: null, team: to.team } : { assignee: null }
  if (to.agent) members.agent = to.agent.id
  if (to.team) members.team = to.team
  const verb = told('transfer', members, change)
  const handed: Verb = {
    ...verb,
    ask: (conversation, cid) => verb.ask(conversation, cid).catch((thrown: unknown) => {
      throw asProblem(thrown).code === 'conflict' ? new Problem(0, to.only_now ? 'not_taken' : 'not_receiver', '') : thrown
    }),
  }
  return useSteps().perform({
    where, after_reply: true, verb: handed,
    // A team is not left again by giving it back to a person.
    back: to.agent && where.assignee ? (before) => assignVerb(before.assignee ?? null) : undefined,
    words: () => {
      if (!to.agent) return t('toast.transferred', { name: directory.teamName(to.team) })
      const until = useConversations().shown(where.id)?.request?.until
      const there = directory.agentsById.get(to.agent.id)?.presence === 'available'
      if (there || !until) return t(there ? 'toast.transfer_offered' : 'toast.transfer_waits', { name: to.agent.name })
      return t('toast.transfer_waits_until', { name: to.agent.name, time: clock(until) })
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

function readVerb(seq: number): Verb {
  return {
    // Not answered: the event that follows tells everybody.
    ask: (conversation) => {
      keptUnread.value = null
      useLink().cast('read', { conversation, seq })
      return Promise.resolve({})
    },
    change: { unread: 0, agent_read_seq: seq },
  }
}

/** What the customer wrote here, as far as it is loaded: their numbers, oldest first. */
function writtenIn(where: Conversation): number[] {
  return useTimelines().of(where.customer.id).entries
    .filter((entry) => entry.conversation === where.id && entry.kind === 'message' && entry.author.kind === 'customer')
    .map((entry) => entry.seq)
}

function unreadVerb(where: Conversation, from: number): Verb {
  return {
    ask: async (conversation) => {
      // Still on screen, it would be read again at once.
      keptUnread.value = conversation
      try {
        const answer = await http.post<Conversation>(`/conversations/${conversation}/unread`, { from })
        useConversations().put(answer)
        return answer
      } catch (thrown) {
        keptUnread.value = null
        throw thrown
      }
    },
    change: (now) => {
      const read = Math.min(now.agent_read_seq, from - 1)
      return { agent_read_seq: read, unread: writtenIn(where).filter((seq) => seq > read).length || 1 }
    },
  }
}

/** Counts what the customer wrote as unread again: from one message on, else the newest. */
export async function markUnread(where: Conversation, from = writtenIn(where).at(-1)) {
  if (from === undefined) return useScreen().say(t('toast.nothing_written'))
  await useSteps().perform({
    where, verb: unreadVerb(where, from), back: (before) => readVerb(before.agent_read_seq), words: () => t('toast.unread'),
  })
}

export function markRead(where: Conversation) {
  return useSteps().perform({
    where, verb: readVerb(where.seq), back: (before) => unreadVerb(where, before.agent_read_seq + 1), words: () => t('toast.read'),
  })
}
