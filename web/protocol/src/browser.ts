// The link's hands in a browser: the WebSocket, the timers, the network's and the page's comings and goings.
import { Link } from './link.ts'
import type { Effect, LinkOptions, Notice, Timer } from './link_types.ts'

export interface BrowserLinkOptions {
  kind: LinkOptions['kind']
  /** Absolute, or a path on this page's own host. */
  url: string
  hello: LinkOptions['hello']
  on_notice: (notice: Notice) => void
}

/** The socket's address for a path on this page's own host. */
export function socketUrl(path: string, at: Location = location): string {
  return new URL(path, at.href.replace(/^http/, 'ws')).href
}

/** A link that is connected to the world. Call `link.start()`; `dispose()` takes every listener away. */
export function browserLink(options: BrowserLinkOptions): { link: Link; now_ms: () => number; dispose: () => void } {
  const timers = new Map<Timer, ReturnType<typeof setTimeout>>()
  const now_ms = () => Date.now()
  let socket: WebSocket | undefined

  function open(): void {
    // What an earlier socket still has to say must not be taken for the new one's words.
    const mine = new WebSocket(options.url.startsWith('/') ? socketUrl(options.url) : options.url)
    socket = mine
    mine.onopen = () => mine === socket && link.opened()
    mine.onmessage = (message) => {
      if (mine === socket && typeof message.data === 'string') link.frame(message.data, now_ms())
    }
    mine.onclose = (closing) => {
      if (mine !== socket) return
      socket = undefined
      link.closed(closing.code, closing.reason)
    }
  }

  function unwake(timer: Timer): void {
    clearTimeout(timers.get(timer))
    timers.delete(timer)
  }

  function act(effect: Effect): void {
    switch (effect.do) {
      case 'open':
        return open()
      case 'write':
        if (socket?.readyState === WebSocket.OPEN) socket.send(effect.text)
        return
      case 'close': {
        const going = socket
        socket = undefined
        going?.close(effect.code, effect.reason)
        return
      }
      case 'wake':
        unwake(effect.timer)
        timers.set(effect.timer, setTimeout(() => {
          timers.delete(effect.timer)
          link.woke(effect.timer, now_ms())
        }, effect.after_ms))
        return
      case 'unwake':
        return unwake(effect.timer)
    }
  }

  const link = new Link({ kind: options.kind, hello: options.hello, on_effect: act, on_notice: options.on_notice })
  const online = () => link.online(true, now_ms())
  const offline = () => link.online(false, now_ms())
  const visible = () => document.visibilityState === 'visible' && link.visible(now_ms())
  addEventListener('online', online)
  addEventListener('offline', offline)
  document.addEventListener('visibilitychange', visible)
  if (navigator.onLine === false) offline()

  return {
    link,
    now_ms,
    dispose() {
      link.stop()
      for (const timer of [...timers.keys()]) unwake(timer)
      removeEventListener('online', online)
      removeEventListener('offline', offline)
      document.removeEventListener('visibilitychange', visible)
    },
  }
}
