import type { PageContext } from '../../shared/messages.ts'
import { Icon } from '../icons.tsx'
import { nearest } from '../words.ts'
import { Face, type Shared } from './parts.tsx'

interface Props extends Shared {
  talking: boolean
  /** Absent where nothing can be closed: the panel in a tab of its own. */
  onClose?: (() => void) | undefined
  onLanguage: () => void
}

export function Header({ session, words, locale, talking, onClose, onLanguage }: Props) {
  const inbox = session.welcome?.inbox
  const agent = talking ? session.agent : undefined
  const open = inbox?.open ?? true
  const sub = !open ? words.closed_now : agent || session.agents_online !== false ? words.here_now : words.will_answer
  return (
    <header class="ph">
      {agent && <Face name={agent} size="m" here={session.state === 'live'} />}
      <div class="grow">
        <h1>{agent ? words.agent_at(agent, inbox?.name ?? '') : (inbox?.name ?? '')}</h1>
        {talking && inbox && <p class="sub">{sub}</p>}
      </div>
      <button
        type="button" class="lang" lang={nearest(locale) === 'en' ? 'zh-CN' : 'en'}
        aria-label={words.other_language_label} onClick={onLanguage}
      >{words.other_language}</button>
      {onClose && (
        <button type="button" class="btn quiet sq" aria-label={words.close} onClick={onClose}><Icon name="down" size={18} /></button>
      )}
    </header>
  )
}

/** What the visitor looks at, and that it can be left out. */
export function ContextBar({ words, page, onDrop }: { words: Shared['words']; page: PageContext; onDrop: () => void }) {
  const what = page.order ? words.order(page.order) : page.product_name
  if (!what) return null
  const drawn = page.image?.startsWith('data:image/') ? page.image : undefined
  return (
    <div class="about">
      <span class="thumb">{drawn ? <img src={drawn} alt="" width="24" height="24" /> : <Icon name="box" />}</span>
      <span class="grow cut">
        <span class="muted">{page.order ? words.about_order : words.looking_at}</span> <b dir="auto">{what}</b>
      </span>
      <button type="button" class="btn quiet sq" aria-label={words.not_about} onClick={onDrop}><Icon name="x" /></button>
    </div>
  )
}
