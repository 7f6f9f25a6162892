// The panel's side of the wall between it and the host page. Only our parent is heard, and only it is answered,
// at exactly the origin that its first good message came from.
import { hostShapes, readMessage, sealed, type HostMessage, type PanelMessage } from '../shared/messages.ts'

export interface Host {
  /** Whether there is a host page at all. */
  embedded: boolean
  tell: (message: PanelMessage) => void
}

export function connectHost(on_message: (message: HostMessage) => void): Host {
  let origin: string | undefined
  const early: PanelMessage[] = []
  const embedded = window.parent !== window

  function tell(message: PanelMessage): void {
    if (origin === undefined) early.push(message)
    else window.parent.postMessage(sealed(message), origin)
  }

  if (embedded) {
    addEventListener('message', (event) => {
      if (event.source !== window.parent || (origin !== undefined && event.origin !== origin)) return
      const message = readMessage<HostMessage>(event.data, hostShapes)
      if (!message) return
      if (origin === undefined) {
        if (message.type !== 'hello') return
        origin = event.origin
        for (const waiting of early.splice(0)) tell(waiting)
      }
      on_message(message)
    })
  }
  return { embedded, tell: embedded ? tell : () => {} }
}
