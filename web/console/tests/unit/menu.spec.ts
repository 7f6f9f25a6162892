import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { i18n } from '@/i18n'
import Menu from '@/ui/Menu.vue'
import { freshStores } from './helpers'

const rows = () => [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')]
const press = async (key: string) => {
  document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  await nextTick()
}

describe('a menu', () => {
  beforeEach(freshStores)
  afterEach(() => (document.body.innerHTML = ''))

  const run = vi.fn()
  const open = async () => {
    const items = [{ heading: 'Theme' }, { label: 'Light', run }, { label: 'Dark', run: () => undefined, disabled: true }, { rule: true as const }, { label: 'Contrast', checked: true, run }]
    const wrapper = mount(Menu, { props: { items }, slots: { default: '<button id="opener">Open</button>' }, global: { plugins: [i18n] }, attachTo: document.body })
    await wrapper.get('button').trigger('click')
    await nextTick()
    await nextTick()
    return wrapper
  }

  it('opens on the first row, walks round past what is disabled, and comes back with Escape', async () => {
    const wrapper = await open()
    expect(wrapper.get('button').attributes('aria-expanded')).toBe('true')
    expect(document.activeElement?.textContent).toContain('Light')
    await press('ArrowDown')
    expect(document.activeElement?.textContent).toContain('Contrast')
    await press('ArrowDown')
    expect(document.activeElement?.textContent).toContain('Light')
    await press('c')
    expect(document.activeElement?.textContent).toContain('Contrast')
    await press('Escape')
    expect(rows()).toEqual([])
    expect(document.activeElement?.id).toBe('opener')
    wrapper.unmount()
  })

  it('runs what is chosen once, and nothing that is disabled', async () => {
    const wrapper = await open()
    rows()[1]?.click()
    expect(run).not.toHaveBeenCalled()
    rows()[2]?.click()
    await nextTick()
    expect(run).toHaveBeenCalledTimes(1)
    expect(rows()).toEqual([])
    wrapper.unmount()
  })
})
