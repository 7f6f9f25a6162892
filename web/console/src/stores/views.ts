// Which conversation belongs into which view, and in which order, exactly as the server decides it.
import type { Conversation, Me, View } from '@/api/shapes'
import { compareNumbers } from './position'

export type Sort = 'activity' | 'waiting'

/** Views whose members can be told from the conversation alone; the others are asked for again. */
export function viewable(view: View): boolean {
  return view !== 'mentions' && view !== 'drafts'
}

const active = (each: Conversation) => each.status === 'open' || each.status === 'pending'

export function belongs(view: View, each: Conversation, me: Pick<Me, 'id' | 'teams'>): boolean {
  switch (view) {
    case 'mine': return each.assignee?.id === me.id && active(each)
    case 'unassigned': return !each.assignee && active(each)
    case 'team': return active(each) && each.team != null && me.teams.includes(each.team)
    case 'all': return active(each)
    case 'snoozed': return each.status === 'snoozed'
    case 'failed': return each.failed
    default: return false
  }
}

/** Latest activity first, or who has waited longest first; equal ones by id so that the order is total. */
export function comparing(sort: Sort): (a: Conversation, b: Conversation) => number {
  if (sort === 'waiting') {
    return (a, b) => {
      const first = a.waiting_since ?? Infinity
      const second = b.waiting_since ?? Infinity
      if (first !== second) return first < second ? -1 : 1
      return b.last_activity - a.last_activity || compareNumbers(b.id, a.id)
    }
  }
  return (a, b) => b.last_activity - a.last_activity || compareNumbers(b.id, a.id)
}
