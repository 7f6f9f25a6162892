// Which icon stands for which stage, channel, order step and so on.
import type { Stage } from '@/api/shapes'
import type { IconName } from './icons'

export const stageIcon: Record<Stage, IconName> = { pre_sale: 'bag', in_sale: 'truck', after_sale: 'wrench' }

const channels: Record<string, IconName> = {
  web: 'web', socket: 'key', email: 'mail', whatsapp: 'whatsapp', wechat: 'wechat', wecom: 'wechat', sms: 'sms', voice: 'phone',
}

/** The glyph of a channel; an unknown one gets the speech sheet of the web. */
export function channelIcon(channel: string | undefined): IconName {
  return channels[channel ?? ''] ?? 'web'
}

const orders: Record<string, IconName> = {
  placed: 'cart', paid: 'card', shipped: 'box', delivered: 'home', returned: 'back', refunded: 'back', cancelled: 'x',
}

export function orderIcon(status: string): IconName {
  return orders[status] ?? 'bag'
}

/** How many of the four steps (paid, packed, on the way, there) an order has behind it, and which is under way. */
export function orderSteps(status: string): { done: number; now: number } {
  if (status === 'placed') return { done: 0, now: 0 }
  if (status === 'paid') return { done: 1, now: 1 }
  if (status === 'shipped') return { done: 2, now: 2 }
  if (status === 'delivered' || status === 'returned' || status === 'refunded') return { done: 4, now: -1 }
  return { done: 0, now: -1 }
}
