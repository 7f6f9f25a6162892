// Starts the line after log-in and keeps the stores true to it: events in one batch a frame, everything
// fresh after a snapshot, attention drawn by one tab only.
import type { AgentWelcome, EventFrame, Notice } from '@parley/protocol'
import type { Offer } from '@/api/shapes'
import { t } from '@/i18n'
import { useConversations } from '@/stores/conversations'
import { useCustomers } from '@/stores/customers'
import { useDesk } from '@/stores/desk'
import { useDirectory } from '@/stores/directory'
import { useDrafts } from '@/stores/drafts'
import { useInbox } from '@/stores/inbox'
import { useLink } from '@/stores/link'
import { useOutbox } from '@/stores/outbox'
import { useSession } from '@/stores/session'
import { useTimelines } from '@/stores/timelines'
import { apply } from './apply'
import { attract } from './attention'
import { openConversation } from './open'

let queue: EventFrame[] = []
let scheduled = false
let first = true

function flush() {
  scheduled = false
  const batch = queue
  queue = []
  for (const event of batch) apply(event)
}

// One pass a frame while the page is seen; a hidden page gets no frames and is served by a timer.
function later() {
  if (scheduled) return
  scheduled = true
  if (document.visibilityState === 'visible') requestAnimationFrame(flush)
  else setTimeout(flush, 50)
}

async function resync() {
  const link = useLink()
  try {
    const conversation = openConversation.value
    const customer = conversation ? (useConversations().held.get(conversation)?.customer.id ?? null) : null
    void useDirectory().load()
    if (useSession().reads) {
      await Promise.all([useInbox().reload(), useTimelines().reload(customer)])
      useCustomers().reload(customer)
      void useDrafts().restore()
      if (first) void useOutbox().restore()
    }
    first = false
    link.resynced()
  } catch (thrown) {
    link.resyncFailed(thrown instanceof Error ? thrown.message : '')
  }
}

function onNotice(notice: Notice) {
  switch (notice.type) {
    case 'welcome':
      useDesk().welcome(notice.welcome as AgentWelcome)
      if (notice.fresh) {
        queue = []
        void resync()
      }
      return
    case 'event': {
      queue.push(notice.event)
      const offer = notice.event.offer as unknown as Offer | undefined
      if (notice.event.what === 'offer' && offer) {
        attract(t('offer.announce', { name: offer.conversation.customer.name }), offer.first_words)
      }
      return later()
    }
    case 'live':
      // Another tab of this person has written; the words themselves are read where they are kept.
      if (notice.live.what === 'draft_changed') {
        useInbox().recountSoon()
        return void useDrafts().look(String(notice.live.conversation ?? ''))
      }
      return useDesk().live(notice.live)
    case 'expired':
      return useSession().expire()
  }
}

/** After log-in, and again after a log-in in place. */
export function startLive() {
  useLink().start({ onNotice })
}
