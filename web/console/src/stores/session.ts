// Who is logged in. An expired session keeps everything on screen and asks for the password in place.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { asProblem, http, onSessionExpired, setCsrf } from '@/api/http'
import type { Me, SessionAnswer, Shape } from '@/api/shapes'
import { clearLocal } from './local'

export type SessionState = 'unknown' | 'in' | 'out' | 'expired' | 'unreachable'

export const useSession = defineStore('session', () => {
  const state = ref<SessionState>('unknown')
  const me = shallowRef<Me | null>(null)
  /** Sees conversations at all: an administrator's account alone does not. */
  const reads = computed(() => may('conversations:read'))
  const writes = computed(() => may('conversations:write'))
  const manages = computed(() => ['staff:write', 'inboxes:write', 'tokens:write', 'status:read'].some(may))

  onSessionExpired(() => expire())

  function take(answer: SessionAnswer) {
    setCsrf(answer.csrf)
    me.value = answer.me
    state.value = 'in'
  }

  /** Asks the server who we are; decides between the log-in page and the console. */
  async function restore() {
    try {
      const answer = await http.get<SessionAnswer>('/session')
      take(answer)
    } catch (thrown) {
      const status = asProblem(thrown).status
      state.value = status === 401 || status === 403 ? 'out' : 'unreachable'
    }
  }

  async function logIn(email: string, password: string) {
    take(await http.post<SessionAnswer>('/session', { email, password }, { quiet: true }))
  }

  async function logOut() {
    await http.delete('/session').catch(() => undefined)
    await clearLocal()
    // A fresh page: nothing of one person may be left in memory for the next.
    location.assign('/login')
  }

  function expire() {
    if (state.value === 'in') state.value = 'expired'
    else if (state.value === 'unknown') state.value = 'out'
  }

  function may(permission: string): boolean {
    return me.value?.permissions.includes(permission) ?? false
  }

  async function update(change: Shape<'change_me'>) {
    me.value = await http.patch<Me>('/me', change)
  }

  return { state, me, reads, writes, manages, take, restore, logIn, logOut, expire, may, update }
})
