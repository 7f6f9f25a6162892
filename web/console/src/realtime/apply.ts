// News from the line, told to the stores. Events carry whole states; order is the server's commit order.
import type { EventFrame } from '@parley/protocol'
import type { Conversation, Customer, Entry, Offer, Order, Presence } from '@/api/shapes'
import { useConversations } from '@/stores/conversations'
import { useCustomers } from '@/stores/customers'
import { useDesk } from '@/stores/desk'
import { useDirectory } from '@/stores/directory'
import { useOutbox } from '@/stores/outbox'
import { useSession } from '@/stores/session'
import { useTimelines } from '@/stores/timelines'

const about = <T>(event: EventFrame, member: string) => event[member] as unknown as T | undefined

/** Applies one event to everything this tab holds. Unknown kinds are ignored, as the protocol asks. */
export function apply(event: EventFrame) {
  const conversation = about<Conversation>(event, 'conversation')
  const entry = about<Entry>(event, 'entry')
  switch (event.what) {
    case 'entry_added':
    case 'entry_revised':
    case 'entry_redacted':
    case 'delivery_changed':
      if (conversation) useConversations().put(conversation)
      if (entry) {
        useTimelines().put(entry)
        useOutbox().settle(entry.cid)
      }
      return
    case 'conversation_changed':
    case 'enter':
      if (conversation) useConversations().put(conversation)
      return
    case 'leave':
      if (conversation) useConversations().remove(conversation.id)
      return
    case 'customer_changed': {
      const customer = about<Customer>(event, 'customer')
      if (customer) useCustomers().put(customer)
      return
    }
    case 'order_changed': {
      const order = about<Order>(event, 'order')
      if (order) useCustomers().putOrder(order)
      return
    }
    case 'offer': {
      const offer = about<Offer>(event, 'offer')
      if (!offer) return
      useConversations().put(offer.conversation)
      useDesk().put(offer)
      // Its history is here when it is accepted.
      void useTimelines().open(offer.conversation.customer.id)
      return
    }
    case 'offer_gone':
      return useDesk().gone(String(event.request))
    case 'presence_changed': {
      const agent = about<{ id: string; name: string; presence: Presence }>(event, 'agent')
      if (!agent) return
      useDirectory().presence(agent)
      if (agent.id === useSession().me?.id) useDesk().tellPresence(agent.presence)
      return
    }
    case 'inbox_changed': return void useDirectory().loadInboxes().catch(() => undefined)
    case 'staff_changed': return void useDirectory().loadStaff().catch(() => undefined)
    case 'tags_changed': return void useDirectory().loadTags().catch(() => undefined)
  }
}
