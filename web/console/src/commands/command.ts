// What a command is. One without `when` does not compile: every command says when it may run.
import type { Router } from 'vue-router'
import type { Conversation } from '@/api/shapes'
import type { IconName } from '@/ui/icons'

/** Where a shortcut listens. `composer` keys work while typing; the others only outside of text. */
export type Scope = 'global' | 'composer'
export type Section = 'conversation' | 'list' | 'composer' | 'go' | 'settings'

export interface Context {
  router: Router
  /** The conversation on screen, if this person may work on it. */
  conversation: Conversation | null
  me: string
  manages: boolean
  /** Sees conversations at all. */
  reads: boolean
  /** Moves to the next (1) or previous (-1) row, optionally to the next unread one. */
  step: (by: 1 | -1, unread?: boolean) => void
  back: () => void
  answerOffer: (how: 'accept' | 'decline') => void
  showNew: () => void
}

export interface Command {
  id: string
  /** Key of the catalogue. */
  label: string
  icon: IconName
  scope: Scope
  section: Section
  keys: string[]
  /** Goes on while its key is held down; the others run once a press. */
  repeats?: boolean
  when: (context: Context) => boolean
  run: (context: Context) => unknown
}
