import type { Presence } from '@/api/shapes'
import type { IconName } from './icons'

export interface MenuAction {
  label: string
  icon?: IconName
  presence?: Presence
  keys?: string
  checked?: boolean
  disabled?: boolean
  run: () => unknown
}

export type MenuItem = { rule: true } | { heading: string } | MenuAction
