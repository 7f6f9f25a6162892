// The line to the server: what the pill says, and the two ways to speak (ask and be answered, or cast).
// Nothing but this store touches the socket.
import { browserLink, newCid, type ErrFrame, type LinkState, type Notice, type OkFrame } from '@parley/protocol'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { csrfToken, Problem } from '@/api/http'

export interface Ears {
  onNotice: (notice: Notice) => void
}

interface Waiting {
  resolve: (ok: OkFrame) => void
  reject: (problem: Refusal) => void
}

/** A refusal of the realtime protocol, with whatever the server sent beside the code. */
export class Refusal extends Problem {
  constructor(readonly frame: ErrFrame) {
    super(0, frame.code, frame.detail ?? '', frame.field ?? '')
  }
}

const probe_ms = 5000
/** One name for this tab: a new socket of the same tab takes the place of a dead one. */
const client = newCid()

export const useLink = defineStore('link', () => {
  const state = ref<LinkState>('connecting')
  const since = ref(Date.now())
  const why = ref('')
  const rtt_ms = ref<number | undefined>()
  const here = ref<string | undefined>()
  const offset_us = ref(0)
  const app = ref('')
  const firstApp = ref('')
  const readOnly = ref('')
  const wire = shallowRef<ReturnType<typeof browserLink> | null>(null)
  const waiting = new Map<string, Waiting>()
  let probing: ReturnType<typeof setTimeout> | undefined

  const newVersion = computed(() => firstApp.value !== '' && app.value !== firstApp.value)

  function start(ears: Ears) {
    if (wire.value) return wire.value.link.renewed()
    const made = browserLink({
      kind: 'agent',
      url: '/ws/agent',
      hello: () => ({ csrf: csrfToken(), client }),
      on_notice: (notice) => hear(notice, ears),
    })
    wire.value = made
    made.link.start()
  }

  function hear(notice: Notice, ears: Ears) {
    const link = wire.value?.link
    if (link) {
      rtt_ms.value = link.rtt_ms
      here.value = link.here
      offset_us.value = link.clock_offset_us
    }
    switch (notice.type) {
      case 'state':
        if (state.value !== notice.state) since.value = Date.now()
        state.value = notice.state
        why.value = notice.why
        break
      case 'welcome':
        app.value = 'app' in notice.welcome ? (notice.welcome.app ?? '') : ''
        firstApp.value ||= app.value
        break
      case 'ok':
        waiting.get(notice.command.cid)?.resolve(notice.ok)
        waiting.delete(notice.command.cid)
        break
      case 'refused':
        waiting.get(notice.command.cid)?.reject(new Refusal(notice.err))
        waiting.delete(notice.command.cid)
        break
      case 'waiting':
        if (notice.err.code === 'unavailable') cannotWrite(notice.err.detail ?? '')
        break
    }
    ears.onNotice(notice)
  }

  /** Sends a command and answers when the server has committed it; survives any number of lost connections. */
  function ask(op: string, members: Record<string, unknown>, lane?: string, cid = newCid()): Promise<OkFrame> {
    return new Promise((resolve, reject) => {
      const made = wire.value
      if (!made) return reject(new Problem(0, 'unavailable', ''))
      waiting.set(cid, { resolve, reject })
      made.link.command({ op, cid, ...members }, made.now_ms(), lane)
    })
  }

  /** Says something that needs no answer and may be lost. */
  function cast(op: string, members: Record<string, unknown>) {
    wire.value?.link.cast({ op, ...members })
  }

  /** Gives up on a command that has not been answered. */
  function forget(cid: string) {
    const made = wire.value
    waiting.delete(cid)
    made?.link.forget(cid, made.now_ms())
  }

  /** The server cannot write: say so and look every few seconds whether it can again. */
  function cannotWrite(reason: string) {
    readOnly.value = reason || '-'
    clearTimeout(probing)
    probing = setTimeout(probe, probe_ms)
  }

  async function probe() {
    const answer = await fetch('/readyz', { cache: 'no-store' }).catch(() => null)
    if (answer?.ok) readOnly.value = ''
    else probing = setTimeout(probe, probe_ms)
  }

  function resynced() {
    wire.value?.link.resynced()
  }

  function resyncFailed(reason: string) {
    wire.value?.link.resyncFailed(reason)
  }

  function retryNow() {
    wire.value?.link.restart(state.value === 'stale')
  }

  /** The server's clock, in microseconds. */
  const serverNow = () => Date.now() * 1000 + offset_us.value

  return {
    state, since, why, rtt_ms, here, app, newVersion, readOnly, offset_us,
    start, ask, cast, forget, resynced, resyncFailed, retryNow, serverNow, cannotWrite,
  }
})
