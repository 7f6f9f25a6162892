// What this agent has written and the server has not yet shown back: sending, waiting for the line, refused,
// or overtaken by a colleague. Kept on this device too, so that a crash between key and commit loses nothing;
// the same client id goes out again and is carried out once.
import { newCid } from '@parley/protocol'
import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import { asProblem, http } from '@/api/http'
import type { Attachment, Conversation, Entry, Mode } from '@/api/shapes'
import { useConversations } from './conversations'
import { useLink, Refusal } from './link'
import { all, drop, keep } from './local'
import { useSession } from './session'

export interface Pending {
  cid: string
  agent: string
  conversation: string
  customer: string
  mode: Mode
  text: string
  attachments: Attachment[]
  mentions: string[]
  base: number
  force: boolean
  then?: 'resolve' | 'pending' | 'snooze'
  until?: number
  /** Microseconds, our clock. */
  written: number
  state: 'sending' | 'sent' | 'failed' | 'stale'
  code?: string
  detail?: string
  /** What a colleague did meanwhile. */
  missed?: Entry[]
}

export const useOutbox = defineStore('outbox', () => {
  const session = useSession()
  const link = useLink()
  const conversations = useConversations()
  const held = shallowReactive(new Map<string, Pending>())
  /** What is on its way, by client id: true when the server has it. */
  const going = new Map<string, { conversation: string; done: Promise<boolean> }>()

  const unsent = computed(() => [...held.values()].filter((each) => each.state === 'sending').length)

  const of = (customer: string) => [...held.values()].filter((each) => each.customer === customer)
  const staleIn = (conversation: string) =>
    [...held.values()].find((each) => each.conversation === conversation && each.state === 'stale')

  function save(next: Pending) {
    held.set(next.cid, next)
    void keep('outbox', next.cid, next)
  }

  function forget(cid: string) {
    held.delete(cid)
    void drop('outbox', cid)
  }

  function write(what: Omit<Pending, 'cid' | 'agent' | 'written' | 'state' | 'customer'>, where: Conversation): string {
    const pending: Pending = {
      ...what, cid: newCid(), agent: session.me?.id ?? '', customer: where.customer.id, written: Date.now() * 1000, state: 'sending',
    }
    save(pending)
    go(pending)
    return pending.cid
  }

  function go(what: Pending) {
    const done = send(what).finally(() => going.delete(what.cid))
    going.set(what.cid, { conversation: what.conversation, done })
  }

  /** Waits for what is on its way in a conversation; false when some of it was refused. */
  async function sent(conversation: string): Promise<boolean> {
    const here = [...going.values()].filter((each) => each.conversation === conversation)
    return (await Promise.all(here.map((each) => each.done))).every(Boolean)
  }

  async function send(what: Pending): Promise<boolean> {
    const attachments = what.attachments.map((each) => each.id)
    const members: Record<string, unknown> = { conversation: what.conversation, text: what.text, attachments }
    if (what.mode === 'reply') {
      Object.assign(members, { base: what.base })
      if (what.force) members.force = true
      if (what.then) members.then = what.then
      if (what.until) members.until = what.until
    } else if (what.mentions.length) {
      members.mentions = what.mentions
    }
    try {
      // One lane a conversation: what was typed in order is committed in order.
      await link.ask(what.mode, members, `say/${what.conversation}`, what.cid)
      const now = held.get(what.cid)
      if (now) held.set(what.cid, { ...now, state: 'sent' })
      void drop('outbox', what.cid)
      return true
    } catch (thrown) {
      refused(what, thrown)
      return false
    }
  }

  function refused(what: Pending, thrown: unknown) {
    const problem = asProblem(thrown)
    const frame = thrown instanceof Refusal ? thrown.frame : null
    const stale = problem.code === 'stale_reply'
    if (frame?.conversation) conversations.put(frame.conversation as Conversation)
    save({
      ...what, state: stale ? 'stale' : 'failed', code: problem.code, detail: problem.detail,
      missed: stale ? ((frame?.entries as Entry[] | undefined) ?? []) : undefined,
    })
  }

  /** The entry has come back as an event or in a page: the copy has done its work. */
  function settle(cid: string | undefined) {
    if (cid && held.has(cid)) forget(cid)
  }

  /** Again, with a new client id, because a refusal for good binds the old one. */
  function retry(cid: string, force = false) {
    const now = held.get(cid)
    const where = now && conversations.shown(now.conversation)
    if (!now || !where) return
    forget(cid)
    write({ ...now, base: force ? now.base : where.seq, force, code: undefined, detail: undefined, missed: undefined }, where)
  }

  function discard(cid: string): Pending | undefined {
    const now = held.get(cid)
    link.forget(cid)
    forget(cid)
    return now
  }

  /** What an earlier run of this browser could not send goes out now, under its old client ids. */
  async function restore() {
    const mine = (await all<Pending>('outbox')).filter((each) => each.agent === session.me?.id && !held.has(each.cid))
    for (const each of mine.sort((a, b) => a.written - b.written)) {
      held.set(each.cid, each)
      if (!conversations.held.has(each.conversation)) await fetchConversation(each.conversation)
      if (each.state === 'sending') go(each)
    }
  }

  async function fetchConversation(id: string) {
    const answer = await http.get<{ conversation: Conversation }>(`/conversations/${id}`).catch(() => null)
    if (answer) conversations.put(answer.conversation)
  }

  return { held, unsent, of, staleIn, write, sent, settle, retry, discard, restore }
})
