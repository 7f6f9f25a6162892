import type { PageContext } from '../../shared/messages.ts'
import { Icon } from '../icons.tsx'
import { clock, opening } from '../when.ts'
import { Face, type Shared } from './parts.tsx'

interface Props extends Shared {
  page: PageContext
  onStart: () => void
  onResume: () => void
}

/** The first page: a greeting, when we answer, and the way in. */
export function Home({ session, words, locale, page, onStart, onResume }: Props) {
  const inbox = session.welcome?.inbox
  const open = inbox?.open ?? true
  const last = session.timeline.entries().findLast((entry) => entry.kind === 'message' && !entry.redacted)
  const answer = open ? (session.agents_online === false ? words.will_answer : words.open_now)
    : inbox?.opens_at ? words.opens_at(opening(inbox.opens_at, Date.now(), locale)) : words.closed_sub
  const about = page.order ? words.order(page.order) : page.product_name
  return (
    <div class="home">
      <div class="hero">
        <p class="greet" dir="auto">{inbox?.greeting || words.greeting}</p>
        <p class="sub">{answer}</p>
      </div>
      <div class="cards">
        <button type="button" class="card ask" onClick={onStart}>
          <Icon name="wave" size={18} />
          <span class="grow">{open ? words.start : words.leave}</span>
          <Icon name="arrow" size={18} />
        </button>
        {open && about && (
          <button type="button" class="card ask" onClick={onStart}>
            <span class="thumb">{page.image?.startsWith('data:image/') ? <img src={page.image} alt="" width="24" height="24" /> : <Icon name="box" />}</span>
            <span class="grow cut"><span class="muted">{words.ask_about}</span> <b dir="auto">{about}</b></span>
            <Icon name="arrow" size={18} />
          </button>
        )}
        {last && (
          <button type="button" class="card resume" onClick={onResume}>
            <span class="row muted"><span class="grow">{words.carry_on}</span><span class="num">{clock(last.happened, locale)}</span></span>
            <span class="row">
              {last.author.kind === 'agent' && <Face name={last.author.name ?? ''} size="s" />}
              <span class="cut grow" dir="auto">{last.text || words.file}</span>
              {session.unread > 0 && <span class="cnt">{session.unread}</span>}
            </span>
          </button>
        )}
      </div>
    </div>
  )
}
