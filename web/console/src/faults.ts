// Faults of the console itself go to our own server, a few a session, without anybody's words in them.
import type { App } from 'vue'
import { http } from './api/http'
import { useSession } from './stores/session'

const most = 10
let sent = 0

function report(thrown: unknown, source: string) {
  const fault = thrown instanceof Error ? thrown : new Error(String(thrown))
  // What the server or the line refuses is not a fault of ours.
  if (fault.name === 'Problem' || fault.name === 'AbortError') return
  console.error(fault)
  if (sent >= most || useSession().state !== 'in') return
  sent += 1
  const stack = (fault.stack ?? '').split('\n').slice(0, 12).join('\n')
  http.post('/client-errors', { message: fault.message.slice(0, 200), source, stack: stack.slice(0, 2000) }).catch(() => undefined)
}

export function reportFaults(app: App) {
  app.config.errorHandler = (thrown, _instance, where) => report(thrown, where)
  addEventListener('unhandledrejection', (event) => report(event.reason, 'promise'))
  addEventListener('error', (event) => report(event.error ?? event.message, 'script'))
}
