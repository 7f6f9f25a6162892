// What this person does to conversations: shown at once, asked of the server in the order it was done, taken
// back on screen if it is refused, and undone where it can be undone. Undoing never looks at what is on screen
// alone: a step that is still under way is waited for, and only what really happened is taken back.
import { newCid } from '@parley/protocol'
import { defineStore } from 'pinia'
import { Problem } from '@/api/http'
import type { Conversation } from '@/api/shapes'
import { t } from '@/i18n'
import { changed, useConversations, type Change, type Overlaid } from '@/stores/conversations'
import { useOutbox } from '@/stores/outbox'
import { useScreen } from '@/stores/screen'
import { explain } from './explain'

/** What is asked of the server, and what it will have changed. */
export interface Verb {
  /** Answers with the position of the commit, where the server tells it. */
  ask: (conversation: string, cid: string) => Promise<{ at?: string }>
  change: Overlaid
}

export interface Deed {
  where: Conversation
  verb: Verb
  /** How what was before is brought back; without it the deed cannot be undone. */
  back?: (before: Conversation) => Verb
  /** What was done, once it is done. */
  words: () => string
  /** Does not happen when a reply that was sent before it is refused: it took the customer for answered. */
  after_reply?: boolean
}

interface Step {
  deed: Deed
  before: Conversation
  after: Change
  state: 'under_way' | 'done' | 'failed'
  /** Undo was asked for while it was under way. */
  unwanted: boolean
  at_ms: number
}

const kept_ms = 30_000

const sameValue = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
const identity = (field: string, value: unknown) => (field === 'assignee' ? (value as { id: string } | null | undefined)?.id : value)

export const useSteps = defineStore('steps', () => {
  const conversations = useConversations()
  const screen = useScreen()
  const outbox = useOutbox()
  /** The last of what is asked of each conversation. */
  const turns = new Map<string, Promise<void>>()
  /** What may be undone, and what is under way. Oldest first. */
  let steps: Step[] = []

  /** Shows a change at once; asks for it when everything before it has been answered. `verb` is looked at then,
   *  and may have become needless; `answered` is told before the next turn begins. */
  function act(id: string, change: Overlaid, verb: (cid: string) => Promise<Verb | null>, answered: (refusal: unknown) => void): Promise<void> {
    const cid = newCid()
    conversations.lay(id, cid, change)
    const before = turns.get(id)
    const mine = (async () => {
      await before
      try {
        const now = await verb(cid)
        if (!now) return conversations.lift(id, cid)
        const ok = await now.ask(id, cid)
        conversations.confirm(id, cid, ok.at)
        answered(null)
      } catch (thrown) {
        conversations.lift(id, cid)
        answered(thrown)
      }
    })()
    turns.set(id, mine)
    void mine.then(() => turns.get(id) === mine && turns.delete(id))
    return mine
  }

  /** True when it was carried out. */
  async function perform(deed: Deed): Promise<boolean> {
    const { id } = deed.where
    const before = conversations.shown(id) ?? deed.where
    const step: Step = { deed, before, after: changed(deed.verb.change, before), state: 'under_way', unwanted: false, at_ms: Date.now() }
    steps.push(step)
    await act(id, deed.verb.change, async () => {
      if (deed.after_reply && !(await outbox.sent(id))) throw new Problem(0, 'reply_not_sent', '')
      return deed.verb
    }, (refusal) => (refusal === null ? happened(step) : failed(step, refusal)))
    return step.state === 'done'
  }

  function happened(step: Step) {
    step.state = 'done'
    step.at_ms = Date.now()
    if (step.unwanted) return
    const words = step.deed.words()
    // The key beside the toast undoes the newest step, so an older one only tells.
    const newest = steps.filter((each) => !each.unwanted).at(-1) === step
    if (!step.deed.back) forget(step)
    if (!newest) screen.announce(words)
    else screen.say(words, step.deed.back ? { undo: () => void takeBack(step) } : {})
  }

  function forget(step: Step) {
    steps = steps.filter((each) => each !== step)
  }

  function failed(step: Step, refusal: unknown) {
    step.state = 'failed'
    const later = steps.slice(steps.indexOf(step) + 1).filter((each) => each.deed.where.id === step.deed.where.id)
    const fields = Object.keys(step.after) as (keyof Change)[]
    // What came after it began where it began.
    for (const each of later) each.before = { ...each.before, ...Object.fromEntries(fields.map((field) => [field, step.before[field]])) }
    forget(step)
    screen.say(t(step.unwanted ? 'toast.not_done_nor_undone' : 'toast.not_done', { why: explain(refusal) }), { bad: true })
  }

  /** Somebody else has changed meanwhile what the step had changed. */
  function overtaken(step: Step, cid: string): boolean {
    const now = conversations.shown(step.deed.where.id, cid)
    if (!now) return false
    return (['status', 'assignee', 'priority', 'stage', 'team'] as const).some((field) => {
      if (!(field in step.after)) return false
      const value = identity(field, now[field])
      return !sameValue(value, identity(field, step.after[field])) && !sameValue(value, identity(field, step.before[field]))
    })
  }

  async function takeBack(step: Step) {
    const { back, where, words } = step.deed
    if (!back || step.unwanted) return
    step.unwanted = true
    if (screen.toast?.undo) screen.hush()
    let late = false
    await act(where.id, (now) => changed(back(step.before).change, now), async (cid) => {
      forget(step)
      if (step.state !== 'done') return null
      late = overtaken(step, cid)
      return late ? null : back(step.before)
    }, (refusal) => {
      if (refusal === null) screen.say(t('toast.undone', { what: words() }))
      else screen.say(t('toast.not_done', { why: explain(refusal) }), { bad: true })
    })
    if (late) screen.say(t('toast.overtaken'), { bad: true })
  }

  /** Takes back the newest step that is not taken back yet, as soon as it has been carried out. */
  function undo(): Promise<void> {
    const oldest = Date.now() - kept_ms
    steps = steps.filter((each) => each.state === 'under_way' || each.at_ms >= oldest)
    const step = steps.filter((each) => each.deed.back && !each.unwanted).at(-1)
    if (step) return takeBack(step)
    screen.say(t('toast.nothing_to_undo'))
    return Promise.resolve()
  }

  return { perform, undo }
})
