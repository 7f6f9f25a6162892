// Colleagues named in a note: "@Ana Flores". The names themselves are the text; ids are found when sending.
import type { Agent } from '@/api/shapes'
import { useDirectory } from '@/stores/directory'

/** Ids of the colleagues that a note names. */
export function mentionedIn(text: string, agents: readonly Agent[] = useDirectory().agents): string[] {
  return agents.filter((agent) => text.includes(`@${agent.name}`)).map((agent) => agent.id)
}

/** What stands between the last @ and the caret, or null when nobody is being named. */
export function asked(text: string, caret: number): { from: number; word: string } | null {
  const found = /(?:^|[\s（(，。])@([\p{L}\p{N}._-]*)$/u.exec(text.slice(0, caret))
  if (!found) return null
  const word = found[1] ?? ''
  return { from: caret - word.length - 1, word }
}
