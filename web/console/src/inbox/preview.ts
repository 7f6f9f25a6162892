// The one line that stands for a conversation in a list.
import type { Conversation } from '@/api/shapes'
import { plain } from '@shared/markup.ts'
import { t, te } from '@/i18n'

export function previewText(each: Pick<Conversation, 'preview' | 'subject'>): string {
  const preview = each.preview
  if (!preview) return each.subject || t('list.nothing_yet')
  const ours = preview.author === 'agent'
  const text = (ours ? plain(preview.text) : preview.text).replace(/\s+/gu, ' ').trim()
  if (!text) {
    const key = `kind.${preview.kind}`
    return te(key) ? t(key) : ''
  }
  if (preview.kind === 'note') return t('list.note', { text })
  return ours ? t('list.us', { text }) : text
}
