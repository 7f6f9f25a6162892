import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Draft } from '@/api/shapes'
import Composer from '@/composer/Composer.vue'
import { i18n } from '@/i18n'
import { useConversations } from '@/stores/conversations'
import { useDrafts } from '@/stores/drafts'
import { useLink } from '@/stores/link'
import { aConversation, freshStores } from './helpers'

const draft = (text: string, saved: number): Draft => ({ conversation: '70', mode: 'reply', text, attachments: [], saved })

/** The server, answering each write of a draft when it is told to. */
function line() {
  const answers: ((saved: number) => void)[] = []
  vi.spyOn(useLink(), 'ask').mockImplementation(() => new Promise((resolve) => {
    answers.push((saved) => resolve({ op: 'ok', cid: 'x', saved }))
  }))
  return answers
}

describe('drafts in two tabs', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    freshStores()
    return () => vi.useRealTimers()
  })

  it('an echo of what has been sent off does not bring it back', async () => {
    const answers = line()
    const drafts = useDrafts()
    drafts.write('70', 'reply', 'on its way', [], 5)
    await vi.advanceTimersByTimeAsync(600)
    drafts.remove('70', 'reply')
    drafts.adopt(draft('on its way', 100))
    expect(drafts.of('70', 'reply')).toBeUndefined()
    answers[0]?.(100)
    await vi.advanceTimersByTimeAsync(10)
    answers[1]?.(200)
    await vi.advanceTimersByTimeAsync(10)
    drafts.adopt(draft('on its way', 100))
    expect(drafts.of('70', 'reply')).toBeUndefined()
    drafts.adopt(draft('from elsewhere', 300))
    expect(drafts.of('70', 'reply')?.text).toBe('from elsewhere')
  })

  it('what another tab sent off is gone here, what was typed here is not', async () => {
    const answers = line()
    const drafts = useDrafts()
    drafts.adopt(draft('sent elsewhere', 100))
    drafts.write('71', 'note', 'typed here', [], 5)
    drafts.reconcile(null, [], 200)
    expect(drafts.of('70', 'reply')).toBeUndefined()
    expect(drafts.of('71', 'note')?.text).toBe('typed here')
    await vi.advanceTimersByTimeAsync(600)
    answers[0]?.(250)
    await vi.advanceTimersByTimeAsync(10)
    // Read before our own write was stored: it says nothing about it.
    drafts.reconcile(null, [], 240)
    expect(drafts.of('71', 'note')?.text).toBe('typed here')
  })

  it('the field shows what another tab wrote, and is empty once that tab has sent it', async () => {
    line()
    const conversation = aConversation()
    useConversations().put(conversation)
    const field = mount(Composer, { props: { conversation }, global: { plugins: [i18n] } }).get('textarea')
    useDrafts().adopt(draft('first', 100))
    await vi.advanceTimersByTimeAsync(10)
    expect(field.element.value).toBe('first')
    useDrafts().adopt(draft('first, and more', 200))
    await vi.advanceTimersByTimeAsync(10)
    expect(field.element.value).toBe('first, and more')
    useDrafts().reconcile('70', [], 300)
    await vi.advanceTimersByTimeAsync(10)
    expect(field.element.value).toBe('')
  })
})
