import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import Composer from '@/composer/Composer.vue'
import { i18n } from '@/i18n'
import { useConversations } from '@/stores/conversations'
import { useDesk } from '@/stores/desk'
import { useDrafts } from '@/stores/drafts'
import { useLink } from '@/stores/link'
import { useOutbox } from '@/stores/outbox'
import { usePreferences } from '@/stores/preferences'
import { aConversation, freshStores } from './helpers'

function compose(part = {}) {
  const conversation = aConversation(part)
  useConversations().put(conversation)
  vi.spyOn(useLink(), 'ask').mockResolvedValue({ op: 'ok', cid: 'x', at: '201' })
  const wrapper = mount(Composer, { props: { conversation }, global: { plugins: [i18n] } })
  return { wrapper, field: wrapper.get('textarea') }
}
const texts = () => [...useOutbox().held.values()].map((each) => each.text)

describe('the composer', () => {
  beforeEach(() => {
    freshStores()
    usePreferences().set('enter_sends', true)
  })

  it('never sends while an input method composes', async () => {
    const { field } = compose()
    await field.setValue('nihao')
    await field.trigger('keydown', { key: 'Enter', isComposing: true })
    await field.trigger('keydown', { key: 'Enter', keyCode: 229 })
    expect(texts()).toEqual([])
    await field.setValue('你好')
    await field.trigger('keydown', { key: 'Enter' })
    expect(texts()).toEqual(['你好'])
    expect(field.element.value).toBe('')
  })

  it('starts a new line with Shift Enter, and with Enter unless Enter sends', async () => {
    const { field } = compose()
    await field.setValue('one')
    await field.trigger('keydown', { key: 'Enter', shiftKey: true })
    usePreferences().set('enter_sends', false)
    await field.trigger('keydown', { key: 'Enter' })
    expect(texts()).toEqual([])
  })

  it('keeps a draft for each conversation and mode in one and the same field', async () => {
    const { wrapper, field } = compose()
    await field.setValue('for the first')
    const element = field.element
    const other = aConversation({ id: '71', customer: { id: '13', name: 'نورة', tier: 'regular', verified: true, locale: 'ar', anonymous: false } })
    useConversations().put(other)
    await wrapper.setProps({ conversation: other })
    expect(field.element.value).toBe('')
    await field.setValue('for the second')
    await wrapper.setProps({ conversation: aConversation() })
    expect(field.element.value).toBe('for the first')
    await wrapper.get('[role="tab"]:nth-child(2)').trigger('click')
    expect(field.element.value).toBe('')
    expect(wrapper.get('textarea').element).toBe(element)
    expect(useDrafts().of('71', 'reply')?.text).toBe('for the second')
  })

  it('asks for a second press while a colleague is replying', async () => {
    const { field, wrapper } = compose()
    useDesk().live({ op: 'live', what: 'viewing', conversation: '70', agents: [{ id: '5', name: 'Ben', composing: 'reply' }] })
    await field.setValue('me too')
    await field.trigger('keydown', { key: 'Enter' })
    expect(texts()).toEqual([])
    expect(wrapper.text()).toContain('Ben is replying')
    await field.trigger('keydown', { key: 'Enter' })
    expect(texts()).toEqual(['me too'])
  })

  it('sends nothing while the server cannot store', async () => {
    const { field } = compose()
    useLink().cannotWrite('The disk is full.')
    await field.setValue('later')
    await field.trigger('keydown', { key: 'Enter' })
    expect(texts()).toEqual([])
    expect(useDrafts().of('70', 'reply')?.text).toBe('later')
  })
})
