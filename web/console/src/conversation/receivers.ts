// Who may be handed a conversation: people who answer customers, in its inbox or its team.
import type { Agent, Conversation } from '@/api/shapes'

const answering = ['agent', 'lead', 'supervisor']

export function mayTake(agent: Pick<Agent, 'active' | 'roles'>, where: Pick<Conversation, 'inbox' | 'team'>): boolean {
  return agent.active && agent.roles.some(({ role, inbox, team }) =>
    answering.includes(role) && ((!inbox && !team) || inbox === where.inbox || (Boolean(team) && team === where.team)))
}
