// The loader that a host page includes: draws the launcher in a closed shadow root, makes the panel's frame
// when it is first needed, and is the page's `Parley(...)` function. No cookies; the only request of its own
// is /w/boot. Everything a visitor writes or reads stays inside the frame, on the contact center's origin.
import { panelShapes, readMessage, sealed, type HostMessage, type PageContext, type PanelMessage } from '../shared/messages.ts'
import { launcherCss } from './launcher_css.ts'

type Listener = (detail?: unknown) => void
type Call = [verb: string, ...rest: unknown[]]
interface Parley {
  (...call: Call): void
  /** Calls made before the loader arrived. */
  q?: ArrayLike<unknown>[]
  /** Set once a loader runs; a second one does nothing. */
  v?: number
}
declare global {
  interface Window { Parley?: Parley }
}

const words = {
  en: { open: 'Chat with us', shut: 'Close chat', frame: 'Chat', unread: (n: number) => `Chat with us, ${n} new` },
  zh: { open: '打开聊天', shut: '关闭聊天', frame: '聊天', unread: (n: number) => `打开聊天，${n} 条新消息` },
}
// The mark: one thread, two sides.
const mark = '<svg viewBox="0 0 32 32" aria-hidden="true"><path d="M16 3v26"/><path fill="currentColor" d="M16 4.6h3.4a5.7 5.7 0 0 1 0 11.4H16z"/><path d="M16 16h-3.4a5.700 5.700 0 0 0 0 11.400H16"/></svg>'

const contextMembers = ['url', 'title', 'order', 'product', 'product_name', 'image'] as const

interface Boot { name: string; locale: string; colour: string | null }

function start(script: HTMLScriptElement): void {
  const origin = new URL(script.src).origin
  const inbox = script.dataset['inbox'] ?? 'web'
  const remembered = `parley:${inbox}:known`
  const listeners: Record<string, Listener[]> = {}
  const waiting: HostMessage[] = []
  let context: PageContext = {}
  let locale = script.dataset['locale'] ?? ''
  let theme = script.dataset['theme'] ?? ''
  let colour = ''
  let unread = 0
  let open = false
  let ready = false
  let frame: HTMLIFrameElement | undefined

  const tell = (name: string, detail?: unknown) => {
    for (const listener of listeners[name] ?? []) {
      try {
        listener(detail)
      } catch (error) {
        console.error(error)
      }
    }
  }
  const cover = () => matchMedia('(max-width:767px)').matches
  const page = (): PageContext => ({ url: location.href, title: document.title, ...context })
  const language = () => locale || document.documentElement.lang || navigator.language
  const say = () => (language().toLowerCase().startsWith('zh') ? words.zh : words.en)

  const home = document.createElement('div')
  const root = home.attachShadow({ mode: 'closed' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(launcherCss)
  root.adoptedStyleSheets = [sheet]
  const launcher = document.createElement('button')
  launcher.type = 'button'
  launcher.innerHTML = `${mark}<b hidden></b>`
  const badge = launcher.lastElementChild as HTMLElement
  launcher.onclick = () => (open ? shut() : show())

  const paint = () => {
    badge.hidden = open || unread === 0
    badge.textContent = unread > 9 ? '9+' : String(unread)
    launcher.setAttribute('aria-expanded', String(open))
    launcher.setAttribute('aria-label', open ? say().shut : unread ? say().unread(unread) : say().open)
    home.dataset['open'] = String(open)
    if (frame) {
      frame.hidden = !open
      frame.title = say().frame
    }
    const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
    home.dataset['theme'] = dark ? 'dark' : 'light'
    launcher.dataset['theme'] = home.dataset['theme']
    if (frame) frame.dataset['theme'] = home.dataset['theme']
  }

  const post = (message: HostMessage) => {
    if (!ready) waiting.push(message)
    else frame?.contentWindow?.postMessage(sealed(message), origin)
  }

  const makeFrame = () => {
    if (frame) return
    frame = document.createElement('iframe')
    frame.src = `${origin}/w/panel?inbox=${encodeURIComponent(inbox)}`
    frame.onload = () => {
      ready = true
      post({ type: 'hello', open, cover: cover(), locale: language(), theme, colour, ...page() })
      for (const message of waiting.splice(0)) post(message)
    }
    root.insertBefore(frame, launcher)
  }

  const show = () => {
    makeFrame()
    open = true
    paint()
    frame?.focus()
    post({ type: 'open', cover: cover() })
    tell('open')
  }

  const shut = () => {
    if (!open) return
    open = false
    paint()
    launcher.focus()
    post({ type: 'shut' })
    tell('close')
  }

  const hear = (event: MessageEvent) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== origin) return
    const message = readMessage<PanelMessage>(event.data, panelShapes)
    switch (message?.type) {
      case 'ready':
        return tell('ready')
      case 'shut':
        return shut()
      case 'unread':
        unread = message.count
        paint()
        return tell('unread', unread)
      case 'known':
        // A page that may not store still has a working chat; it only finds its way back more slowly.
        try {
          if (message.known) localStorage.setItem(remembered, '1')
          else localStorage.removeItem(remembered)
        } catch { /* storage is switched off */ }
        return
      case 'happened':
        return tell(message.name)
    }
  }

  const update = (given: Record<string, unknown>) => {
    const flat: Record<string, unknown> = { ...(given['page'] as object | undefined), ...given }
    for (const member of contextMembers) {
      if (!(member in flat)) continue
      if (flat[member] == null) delete context[member]
      else context = { ...context, [member]: String(flat[member]) }
    }
    if (typeof flat['locale'] === 'string') locale = flat['locale']
    if (typeof flat['theme'] === 'string') theme = flat['theme']
    paint()
    if (frame) post({ type: 'update', locale: language(), theme, ...page() })
  }

  const parley: Parley = (verb, ...rest) => {
    switch (verb) {
      case 'open':
        return show()
      case 'close':
        return shut()
      case 'update':
        return update((rest[0] ?? {}) as Record<string, unknown>)
      case 'identify':
        return post({ type: 'identify', identity: String(rest[0]) })
      case 'logout':
        makeFrame()
        return post({ type: 'logout' })
      case 'on':
        ;(listeners[String(rest[0])] ??= []).push(rest[1] as Listener)
        return
      default:
        console.warn(`Parley: there is no verb "${verb}"; use open, close, update, identify, logout or on.`)
    }
  }
  parley.v = 1

  const begin = (boot: Boot) => {
    locale ||= boot.locale && !document.documentElement.lang ? boot.locale : ''
    if (boot.colour && CSS.supports('color', boot.colour)) {
      colour = boot.colour
      launcher.style.setProperty('background', colour)
    }
    addEventListener('message', hear)
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint)
    root.append(launcher)
    document.body.append(home)
    paint()
    const early = window.Parley?.q ?? []
    window.Parley = parley
    for (const call of Array.from(early)) parley(...(Array.from(call) as Call))
    let known = false
    try {
      known = localStorage.getItem(remembered) !== null
    } catch { /* storage is switched off */ }
    // Somebody with a conversation sees what is new without opening anything.
    if (known) setTimeout(makeFrame, 300)
  }

  // A server that is away for a moment costs the visitor the chat for that moment, not for the whole visit.
  const load = (wait_ms: number): void => {
    const later = () => void setTimeout(() => load(Math.min(wait_ms * 2, 60_000)), wait_ms * (0.5 + Math.random() / 2))
    fetch(`${origin}/w/boot?inbox=${encodeURIComponent(inbox)}`, { credentials: 'omit' }).then((answer) => {
      if (answer.status >= 500 || answer.status === 429) return later()
      if (!answer.ok) return console.warn(`Parley: the chat could not start, /w/boot answered ${answer.status}.`)
      return answer.json().then((boot: Boot) => (document.body ? begin(boot) : addEventListener('DOMContentLoaded', () => begin(boot))))
    }, later)
  }
  load(2_000)
}

const script = document.currentScript
if (script instanceof HTMLScriptElement && !window.Parley?.v) {
  const early: Parley = window.Parley ?? ((...call) => void (early.q ??= []).push(call))
  early.v = 1
  window.Parley = early
  start(script)
}
