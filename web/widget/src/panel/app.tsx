// The panel: which page of it is shown, the language, and what the host page says.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { HostMessage, PageContext } from '../shared/messages.ts'
import { connectHost, type Host } from './host.ts'
import { Session } from './session.ts'
import { setColour, setTheme } from './theme.ts'
import { nearest, wordsFor, type Locale, type Words } from './words.ts'
import { Composer, useUploads } from './views/composer.tsx'
import { Form } from './views/forms.tsx'
import { ContextBar, Header } from './views/header.tsx'
import { Home } from './views/home.tsx'
import { Footer, Sheet } from './views/parts.tsx'
import { Talk } from './views/talk.tsx'

type View = 'home' | 'form' | 'talk' | 'leave' | 'privacy'

const contextMembers = ['url', 'title', 'order', 'product', 'product_name', 'image'] as const

/** What the panel was told and decided, outside of any drawing. */
class Panel {
  page: PageContext = {}
  locale: Locale
  open: boolean
  opened = 0
  /** Covers the host page: Tab stays inside. */
  cover = false
  readonly session: Session
  readonly host: Host
  /** Redraws; set by the component. */
  redraw: () => void = () => {}
  private told_unread_ = -1
  private told_known_: boolean | undefined

  constructor(inbox: string) {
    this.locale = nearest(navigator.language)
    this.host = connectHost((message) => this.hear(message))
    this.open = !this.host.embedded
    this.opened = this.open ? 1 : 0
    this.session = new Session({
      inbox,
      url: '/ws/chat',
      locale: () => this.locale,
      page: () => this.page,
      on_change: () => this.changed(),
      on_happened: (name) => this.host.tell({ type: 'happened', name }),
    })
    const chosen = this.session.keep.get('locale')
    if (chosen) this.locale = nearest(chosen)
    setTheme('')
    // Embedded, the first words to the server wait for the host page's: they belong into `hello`.
    if (!this.host.embedded) this.session.start()
  }

  switchLanguage(): void {
    this.locale = this.locale === 'en' ? 'zh-CN' : 'en'
    this.session.keep.set('locale', this.locale)
    this.session.localeChanged()
    this.redraw()
  }

  shut(): void {
    this.host.tell({ type: 'shut' })
  }

  dropContext(): void {
    const { url, title } = this.page
    this.page = { ...(url !== undefined && { url }), ...(title !== undefined && { title }) }
    this.session.moved()
    this.redraw()
  }

  private hear(message: HostMessage): void {
    switch (message.type) {
      case 'hello':
        this.take(message)
        setColour(message.colour)
        this.cover = message.cover
        this.setOpen(message.open)
        this.session.start()
        this.host.tell({ type: 'ready' })
        break
      case 'update':
        if (this.take(message)) this.session.moved()
        break
      case 'open':
        this.cover = message.cover
        this.setOpen(true)
        break
      case 'shut':
        this.setOpen(false)
        break
      case 'identify':
        this.session.identify(message.identity)
        break
      case 'logout':
        this.session.logout()
        break
    }
    this.redraw()
  }

  private setOpen(open: boolean): void {
    if (open && !this.open) this.opened += 1
    this.open = open
  }

  /** Returns whether the visitor is somewhere else now. */
  private take(message: PageContext & { locale?: string; theme?: string }): boolean {
    const before = JSON.stringify(this.page)
    this.page = Object.fromEntries(contextMembers.flatMap((member) => (message[member] ? [[member, message[member]]] : [])))
    if (message.theme !== undefined) setTheme(message.theme)
    if (message.locale && !this.session.keep.get('locale')) this.locale = nearest(message.locale)
    return JSON.stringify(this.page) !== before
  }

  private changed(): void {
    const unread = this.session.unread
    if (unread !== this.told_unread_) this.host.tell({ type: 'unread', count: (this.told_unread_ = unread) })
    const known = this.session.conversation !== null || this.session.timeline.drafts().length > 0
    if (this.session.welcome && known !== this.told_known_) this.host.tell({ type: 'known', known: (this.told_known_ = known) })
    this.redraw()
  }
}

/** Tab goes round inside the panel. */
function keepFocusInside(event: KeyboardEvent, root: HTMLElement): void {
  if (event.key !== 'Tab') return
  const stops = [...root.querySelectorAll<HTMLElement>('button, textarea, input:not([hidden]), a[href], [tabindex="0"]')]
    .filter((stop) => stop.offsetParent !== null && !(stop as HTMLButtonElement).disabled)
  const edge = event.shiftKey ? stops[0] : stops.at(-1)
  if (document.activeElement !== edge) return
  event.preventDefault()
  ;(event.shiftKey ? stops.at(-1) : stops[0])?.focus()
}

export function App({ inbox }: { inbox: string }) {
  const held = useRef<Panel | undefined>(undefined)
  const panel = (held.current ??= new Panel(inbox))
  const [, redraw] = useState(0)
  const [view, setView] = useState<View>()
  const root = useRef<HTMLDivElement>(null)
  panel.redraw = () => redraw((count) => count + 1)
  const { session } = panel
  const words = wordsFor(panel.locale)
  const uploads = useUploads(session)
  const hasTalk = session.timeline.entries().length > 0 || session.timeline.drafts().length > 0
  // Until somebody chooses a page: the talk if there is one.
  const shown: View = view ?? (hasTalk ? 'talk' : 'home')
  const shared = { session, words, locale: panel.locale }

  useEffect(() => {
    document.documentElement.lang = panel.locale
  }, [panel.locale])
  useEffect(() => {
    if (!panel.open || panel.opened === 0 || shown === 'talk') return
    (root.current?.querySelector<HTMLElement>('.field input, .field textarea') ?? root.current?.querySelector('main'))?.focus()
  }, [panel.opened, shown])

  const begin = () => {
    const inboxNow = session.welcome?.inbox
    if (inboxNow && !inboxNow.open) return setView('leave')
    const asks = (inboxNow?.form?.length ?? 0) > 0 && !hasTalk && !session.welcome?.me.email && !session.keep.get('form')
    setView(asks ? 'form' : 'talk')
  }
  const key = (event: KeyboardEvent) => {
    if (event.isComposing) return
    if (event.key === 'Escape') panel.shut()
    else if (panel.cover) keepFocusInside(event, root.current!)
  }

  return (
    <div class="panel" ref={root} onKeyDown={key}>
      <Header {...shared} talking={shown === 'talk'} onLanguage={() => panel.switchLanguage()} onClose={panel.host.embedded ? () => panel.shut() : undefined} />
      <main tabIndex={-1}>
        {shown === 'home' && <Home {...shared} page={panel.page} onStart={begin} onResume={() => setView('talk')} />}
        {shown === 'privacy' && (
          <Sheet words={words} title={words.privacy_title} onBack={() => setView(undefined)}>
            <p dir="auto">{session.welcome?.inbox.privacy || words.privacy_text}</p>
          </Sheet>
        )}
        {shown === 'form' && (
          <Form
            words={words} title={words.about_you} fields={(session.welcome?.inbox.form ?? []).slice(0, 3)} button={words.form_send}
            onBack={() => setView('home')} onDone={(values) => (session.fill(values), setView('talk'))}
          />
        )}
        {shown === 'leave' && <Leave {...shared} onBack={() => setView('home')} />}
        {shown === 'talk' && (
          <>
            <ContextBar words={words} page={panel.page} onDrop={() => panel.dropContext()} />
            <Talk {...shared} visible={panel.open} />
            <Composer {...shared} uploads={uploads} opened={panel.open ? panel.opened : 0} />
          </>
        )}
      </main>
      <Pill session={session} words={words} />
      <Footer words={words} onPrivacy={() => setView('privacy')} onEnd={shown === 'talk' && session.agent ? () => session.end() : undefined} />
    </div>
  )
}

function Leave({ session, words, onBack }: { session: Session; words: Words; onBack: () => void }) {
  if (session.left_message) return <Sheet words={words} title={words.offline_thanks} onBack={onBack}><span /></Sheet>
  const fields = [
    { name: 'name', label: words.name, type: 'text' },
    { name: 'email', label: words.email, type: 'email', required: true },
    { name: 'text', label: words.message, type: 'textarea', required: true },
  ]
  return (
    <Form
      words={words} title={words.leave} fields={fields} button={words.offline_send} onBack={onBack}
      onDone={(values) => session.leaveMessage(values['name'] ?? '', values['email']!, values['text']!)}
    />
  )
}

/** The line's state in words, only when it is not as it should be. */
function Pill({ session, words }: { session: Session; words: Words }) {
  const text = {
    live: '', resyncing: '', stale: '', draining: '', connecting: session.welcome ? '' : words.connecting,
    reconnecting: words.reconnecting, offline: words.offline, expired: words.reconnecting, stopped: words.stopped,
  }[session.state]
  return <p class={text ? 'pill' : 'sr'} role="status">{text}</p>
}
