import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, ref } from 'vue'
import { i18n } from '@/i18n'
import Guarded from '@/ui/Guarded.vue'

describe('a guarded part', () => {
  it('says that it broke, lets the fault be reported, and can be tried again', async () => {
    const broken = ref(false)
    const Part = defineComponent({
      setup: () => () => {
        if (broken.value) throw new Error('no such member')
        return h('p', 'well')
      },
    })
    const reported = vi.fn()
    const wrapper = mount(Guarded, { props: { part: 'Customer' }, slots: { default: () => h(Part) }, global: { plugins: [i18n], config: { errorHandler: reported } } })
    broken.value = true
    await nextTick()
    await nextTick()
    expect(wrapper.text()).toContain('Customer could not be shown')
    expect(reported).toHaveBeenCalledTimes(1)
    broken.value = false
    await wrapper.get('button').trigger('click')
    expect(wrapper.text()).toBe('well')
  })
})
