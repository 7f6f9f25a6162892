// What can be done to a conversation: shown at once, asked of the server, taken back if it refuses,
// and undone where it can be undone.
import { newCid } from '@parley/protocol'
import { asProblem } from '@/api/http'
import type { Conversation, Priority, Stage, Status } from '@/api/shapes'
import { t, te } from '@/i18n'
import { soon } from '@/i18n/format'
import { useConversations, type Change } from '@/stores/conversations'
import { useDirectory } from '@/stores/directory'
import { useLink } from '@/stores/link'
import { useScreen } from '@/stores/screen'

/** A problem in words: the server's own advice where it gave one, else ours for the code. */
export function explain(thrown: unknown): string {
  const problem = asProblem(thrown)
  const key = `problem.${problem.code}`
  return te(key) ? t(key) : problem.detail || t('problem.internal')
}

async function act(id: string, op: string, members: Record<string, unknown>, change: Change): Promise<boolean> {
  const conversations = useConversations()
  const link = useLink()
  const cid = newCid()
  conversations.lay(id, cid, change)
  try {
    const ok = await link.ask(op, { conversation: id, ...members }, `act/${id}`, cid)
    conversations.confirm(id, cid, ok.at)
    return true
  } catch (thrown) {
    conversations.lift(id, cid)
    useScreen().say(t('toast.not_done', { why: explain(thrown) }), { bad: true })
    return false
  }
}

function said(text: string, undo?: () => void) {
  useScreen().say(text, undo ? { undo } : {})
}

export async function setStatus(where: Conversation, status: Status, until?: number, quiet = false) {
  const before = { status: where.status, until: where.snoozed_until ?? undefined }
  const members: Record<string, unknown> = { status }
  if (until) members.until = until
  if (!(await act(where.id, 'status', members, { status, snoozed_until: until ?? null })) || quiet) return
  const back = () => void setStatus({ ...where, status }, before.status, before.until, true)
  const name = where.customer.name || t('customer.visitor')
  if (status === 'snoozed') said(t('toast.snoozed', { name, when: until ? soon(until, Date.now()) : '' }), back)
  else said(t(`toast.status_${status}`, { name }), back)
}

export const resolveOrReopen = (where: Conversation) => setStatus(where, where.status === 'resolved' ? 'open' : 'resolved')

export async function assign(where: Conversation, agent: { id: string; name: string } | null, quiet = false) {
  const before = where.assignee ?? null
  const done = await act(where.id, 'assign', { agent: agent?.id ?? null, base: where.seq }, { assignee: agent })
  if (!done || quiet) return
  said(agent ? t('toast.assigned', { name: agent.name }) : t('toast.unassigned'), () => void assign({ ...where, assignee: agent }, before, true))
}

export async function transfer(where: Conversation, to: { agent?: { id: string; name: string }; team?: string }, note: string) {
  const members: Record<string, unknown> = { note }
  if (to.agent) members.agent = to.agent.id
  if (to.team) members.team = to.team
  // It is offered, not given: nobody has it until somebody takes it.
  const change: Change = to.team ? { assignee: null, team: to.team } : { assignee: null }
  if (!(await act(where.id, 'transfer', members, change))) return false
  const directory = useDirectory()
  if (!to.agent) said(t('toast.transferred', { name: directory.teamName(to.team) }))
  else said(t(directory.agentsById.get(to.agent.id)?.presence === 'available' ? 'toast.transfer_offered' : 'toast.transfer_queued', { name: to.agent.name }))
  return true
}

export async function setPriority(where: Conversation, priority: Priority, quiet = false) {
  const before = where.priority
  if (before === priority) return
  if (!(await act(where.id, 'priority', { priority }, { priority })) || quiet) return
  said(t('toast.priority', { priority: t(`priority.${priority}`) }), () => void setPriority({ ...where, priority }, before, true))
}

/** `null` lets the orders decide again. */
export async function setStage(where: Conversation, stage: Stage | null, quiet = false) {
  const before = where.stage_by_hand ? where.stage : null
  const change: Change = stage ? { stage, stage_by_hand: true } : { stage_by_hand: false }
  if (!(await act(where.id, 'stage', { stage }, change)) || quiet) return
  said(stage ? t('toast.stage', { stage: t(`stage.${stage}`) }) : t('toast.stage_auto'), () => void setStage(where, before, true))
}

export async function setTag(where: Conversation, tag: string, on: boolean, quiet = false) {
  const tags = on ? [...new Set([...where.tags, tag])] : where.tags.filter((each) => each !== tag)
  if (!(await act(where.id, on ? 'tag' : 'untag', { tag }, { tags })) || quiet) return
  const name = useDirectory().tagName(tag)
  said(t(on ? 'toast.tagged' : 'toast.untagged', { name }), () => void setTag({ ...where, tags }, tag, !on, true))
}
