// Small builders for tests, and a stand-in for the socket that answers like the server.
import { createPinia, setActivePinia } from 'pinia'
import type { Conversation, Entry, Me } from '@/api/shapes'
import { useSession } from '@/stores/session'

export const minute = 60_000_000
export const noon = Date.UTC(2026, 10, 21, 12) * 1000

export function aConversation(part: Partial<Conversation> = {}): Conversation {
  return {
    id: '70', at: '100', inbox: '3', customer: { id: '12', name: '林晓雨', tier: 'vip', verified: true, locale: 'zh-CN', anonymous: false }, status: 'open', priority: 'none', stage: 'pre_sale',
    stage_by_hand: false, channel: 'web', subject: '', assignee: { id: '4', name: 'Ana' }, team: '2', tags: [], seq: 5, public_seq: 5, preview: null, order: null, opened: noon, last_activity: noon, waiting_since: null,
    first_response_due: null, snoozed_until: null, resolved: null, unread: 0, agent_read_seq: 5, customer_read_seq: 5, failed: false, request: null, ...part,
  }
}

export function anEntry(part: Partial<Entry> = {}): Entry {
  return {
    id: '900', conversation: '70', customer: '12', seq: 1, public_seq: 1, kind: 'message', author: { kind: 'customer', id: '12', name: '林晓雨' }, channel: 'web', public: true, stage: 'pre_sale', text: 'hello', happened: noon,
    received: noon, delivery: 'none', attachments: [], details: {}, revision: 0, redacted: false, ...part,
  }
}

export const me: Me = {
  id: '4', name: 'Ana', email: 'ana@demo.test', roles: [{ role: 'agent' }], permissions: ['conversations:read', 'conversations:write'], locale: 'en', theme: 'system', density: 'comfortable', teams: ['2'], presence: 'available', units: 12, preferences: {},
}

/** A fresh set of stores with Ana logged in. */
export function freshStores() {
  setActivePinia(createPinia())
  useSession().take({ csrf: 'c', me, expires: 0 })
}
