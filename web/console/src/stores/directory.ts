// The reference data everybody needs: colleagues, teams, inboxes, tags. Reloaded when the server says so.
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { http } from '@/api/http'
import type { Agent, Inbox, Page, Presence, Tag, Team } from '@/api/shapes'

async function everything<T>(path: string): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null | undefined
  // A bound on pages, so that a server that never ends cannot hold the console.
  for (let pages = 0; pages < 25; pages += 1) {
    const answer: Page<T> = await http.get<Page<T>>(path, { limit: 200, cursor })
    items.push(...answer.items)
    cursor = answer.next
    if (!cursor) break
  }
  return items
}

export const useDirectory = defineStore('directory', () => {
  const agents = shallowRef<Agent[]>([])
  const teams = shallowRef<Team[]>([])
  const inboxes = shallowRef<Inbox[]>([])
  const tags = shallowRef<Tag[]>([])

  const agentsById = computed(() => new Map(agents.value.map((each) => [each.id, each])))
  const teamName = (id: string | null | undefined) => teams.value.find((each) => each.id === id)?.name ?? ''
  const inboxName = (id: string | null | undefined) => inboxes.value.find((each) => each.id === id)?.name ?? ''
  const tagName = (id: string) => tags.value.find((each) => each.id === id)?.name ?? ''

  const loadStaff = async () => {
    const [people, groups] = await Promise.all([everything<Agent>('/agents'), everything<Team>('/teams')])
    agents.value = people
    teams.value = groups
  }
  const loadInboxes = async () => void (inboxes.value = await everything<Inbox>('/inboxes'))
  const loadTags = async () => void (tags.value = await everything<Tag>('/tags'))

  /** Everything at once; a part that cannot be read leaves the others usable. */
  async function load() {
    await Promise.allSettled([loadStaff(), loadInboxes(), loadTags()])
  }

  function presence(agent: { id: string; presence: Presence }) {
    agents.value = agents.value.map((each) => (each.id === agent.id ? { ...each, presence: agent.presence } : each))
  }

  return { agents, teams, inboxes, tags, agentsById, teamName, inboxName, tagName, load, loadStaff, loadInboxes, loadTags, presence }
})
