// What commands act on: the conversation on screen and the list beside it.
import { useRoute, useRouter } from 'vue-router'
import { asProblem } from '@/api/http'
import { explain } from '@/commands/explain'
import type { Context } from '@/commands/command'
import { t } from '@/i18n'
import { useConversations } from '@/stores/conversations'
import { useDesk } from '@/stores/desk'
import { useInbox } from '@/stores/inbox'
import { useScreen } from '@/stores/screen'
import { useSession } from '@/stores/session'

export function useContextOfCommands(): () => Context {
  const route = useRoute()
  const router = useRouter()
  const conversations = useConversations()
  const session = useSession()
  const inbox = useInbox()
  const desk = useDesk()
  const screen = useScreen()

  const here = () => (route.name === 'inbox' ? String(route.params.conversation ?? '') : '')
  const open = (id: string) => router.push({ name: 'inbox', params: { view: inbox.view, conversation: id } })

  function step(by: 1 | -1, unread = false) {
    const rows = inbox.list.shown
    let at = rows.indexOf(here())
    if (at < 0 && by < 0) at = rows.length
    for (at += by; at >= 0 && at < rows.length; at += by) {
      const row = rows[at]
      if (row && (!unread || (conversations.shown(row)?.unread ?? 0) > 0)) return void open(row)
    }
  }

  async function answerOffer(how: 'accept' | 'decline') {
    const offer = desk.offer
    if (!offer || !desk.answerable()) return
    const before = route.fullPath
    // Opened at once: what is typed after accepting is meant for this customer and nobody else.
    if (how === 'accept') void router.push({ name: 'inbox', params: { view: 'mine', conversation: offer.conversation.id } })
    try {
      await desk.answer(offer.request, how)
    } catch (thrown) {
      if (how === 'accept' && here() === offer.conversation.id) void router.replace(before)
      const late = ['gone', 'conflict', 'not_found'].includes(asProblem(thrown).code)
      screen.say(late ? t('offer.gone') : t('toast.not_done', { why: explain(thrown) }), { bad: true })
    }
  }

  return () => ({
    router,
    conversation: session.writes ? (conversations.shown(here()) ?? null) : null,
    me: session.me?.id ?? '',
    manages: session.manages,
    reads: session.reads,
    step,
    back: () => void router.push({ name: 'inbox', params: { view: inbox.view } }),
    answerOffer: (how) => void answerOffer(how),
    showNew: () => inbox.release('scroll'),
  })
}
