// Drafts, one for each conversation and mode. First on this device, then, half a second after the last key,
// on the server. Writes of one draft never overtake each other, so a deleted draft cannot come back.
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { http } from '@/api/http'
import type { Attachment, Draft, Mode } from '@/api/shapes'
import { useLink } from './link'
import { all, drop, keep } from './local'
import { useSession } from './session'

export interface Kept {
  agent: string
  conversation: string
  mode: Mode
  text: string
  attachments: Attachment[]
  base: number
  /** When it was last changed here, ms. */
  changed: number
  /** When the server had it, microseconds; 0 while it has not. */
  saved: number
}

const wait_ms = 500

export const useDrafts = defineStore('drafts', () => {
  const session = useSession()
  const link = useLink()
  const held = shallowReactive(new Map<string, Kept>())
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const writing = new Map<string, Promise<void>>()
  /** Writes that the server has not answered. */
  const unanswered = new Map<string, number>()
  /** When the server took our last word on a draft: an echo of something earlier says nothing new. */
  const answered = new Map<string, number>()

  const keyOf = (conversation: string, mode: Mode) => `${session.me?.id ?? ''}/${conversation}/${mode}`
  const of = (conversation: string, mode: Mode) => held.get(keyOf(conversation, mode))
  const preview = (conversation: string) => of(conversation, 'reply')?.text || of(conversation, 'note')?.text || ''

  function write(conversation: string, mode: Mode, text: string, attachments: Attachment[], base: number) {
    const key = keyOf(conversation, mode)
    const now = held.get(key)
    if (!text && !attachments.length) {
      if (now) remove(conversation, mode)
      return
    }
    if (now && now.text === text && now.attachments.length === attachments.length) return
    const next: Kept = {
      agent: session.me?.id ?? '', conversation, mode, text, attachments, base: now?.base ?? base, changed: Date.now(), saved: 0,
    }
    held.set(key, next)
    void keep('drafts', key, next)
    later(key)
  }

  function remove(conversation: string, mode: Mode) {
    const key = keyOf(conversation, mode)
    held.delete(key)
    void drop('drafts', key)
    later(key, conversation, mode)
  }

  function later(key: string, conversation = '', mode: Mode = 'reply') {
    clearTimeout(timers.get(key))
    timers.set(key, setTimeout(() => {
      timers.delete(key)
      const now = held.get(key)
      const before = writing.get(key) ?? Promise.resolve()
      const mine = before.then(() => push(key, now ?? null, now?.conversation ?? conversation, now?.mode ?? mode))
      writing.set(key, mine)
    }, held.has(key) ? wait_ms : 0))
  }

  async function push(key: string, what: Kept | null, conversation: string, mode: Mode) {
    // A newer write is waiting behind this one: it carries everything.
    if (what && held.get(key) !== what) return
    unanswered.set(key, (unanswered.get(key) ?? 0) + 1)
    try {
      const ok = await link.ask('draft', {
        conversation, mode, text: what?.text ?? '', attachments: what?.attachments.map((each) => each.id) ?? [], base: what?.base,
      }, `draft/${key}`)
      const now = held.get(key)
      answered.set(key, Number(ok.saved ?? link.serverNow()))
      if (now && now === what) {
        const saved = { ...now, saved: answered.get(key) ?? 0 }
        held.set(key, saved)
        void keep('drafts', key, saved)
      }
    } catch {
      // The copy on this device stays; the next key tries again.
    } finally {
      unanswered.set(key, (unanswered.get(key) ?? 1) - 1)
    }
  }

  /** A draft as the server has it. What was written or sent off here and is not answered yet wins. */
  function adopt(theirs: Draft) {
    const key = keyOf(theirs.conversation, theirs.mode)
    const now = held.get(key)
    if (timers.has(key) || unanswered.get(key) || (answered.get(key) ?? 0) >= theirs.saved) return
    if (now && (now.saved === 0 || now.saved >= theirs.saved)) return
    if (!theirs.text && !theirs.attachments.length) {
      held.delete(key)
      void drop('drafts', key)
      return
    }
    const next: Kept = {
      agent: session.me?.id ?? '', conversation: theirs.conversation, mode: theirs.mode, text: theirs.text,
      attachments: theirs.attachments, base: theirs.base ?? 0, changed: theirs.saved / 1000, saved: theirs.saved,
    }
    held.set(key, next)
    void keep('drafts', key, next)
  }

  /** What the server holds of one conversation's drafts, or of all, read after `asked` (its clock, microseconds):
   *  those that it no longer has are gone here too. */
  function reconcile(conversation: string | null, theirs: Draft[], asked: number) {
    for (const each of theirs) adopt(each)
    const there = new Set(theirs.map((each) => keyOf(each.conversation, each.mode)))
    for (const [key, each] of [...held]) {
      if ((conversation && each.conversation !== conversation) || there.has(key) || each.saved === 0 || each.saved >= asked) continue
      adopt({ conversation: each.conversation, mode: each.mode, text: '', attachments: [], saved: asked })
    }
  }

  /** Looks at what the server has of one conversation's drafts: another tab of this person has written. */
  async function look(conversation: string) {
    const asked = link.serverNow()
    const answer = await http.get<{ drafts: Draft[] }>(`/conversations/${conversation}`).catch(() => null)
    if (answer) reconcile(conversation, answer.drafts, asked)
  }

  /** What this device kept through a crash, then what the server has. */
  async function restore() {
    for (const each of await all<Kept>('drafts')) {
      const key = `${each.agent}/${each.conversation}/${each.mode}`
      if (each.agent !== session.me?.id || held.has(key)) continue
      held.set(key, each)
      if (each.saved === 0) later(key)
    }
    const asked = link.serverNow()
    const answer = await http.get<{ items: Draft[] }>('/drafts').catch(() => null)
    if (answer) reconcile(null, answer.items, asked)
  }

  return { held, of, preview, write, remove, adopt, look, reconcile, restore }
})
