import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Attachment } from '@/api/shapes'
import { useAttachments } from '@/composer/attachments'
import { freshStores } from './helpers'

const going: { done: (attachment: Attachment) => void; cancel: () => void }[] = []
vi.mock('@/api/upload', () => ({
  upload: () => {
    let done: (attachment: Attachment) => void = () => undefined
    const cancel = vi.fn()
    const promise = new Promise<Attachment>((resolve) => (done = resolve))
    going.push({ done: (attachment) => done(attachment), cancel })
    return { done: promise, cancel }
  },
}))

const settled = () => new Promise((resolve) => setTimeout(resolve, 0))
const stored = (id: string): Attachment => ({ id, name: `${id}.png`, size: 9, media_type: 'image/png', url: `/a/${id}` }) as Attachment

describe('files that go up while another conversation is looked at', () => {
  beforeEach(() => {
    freshStores()
    going.length = 0
  })

  it('go on, are not sent with the other one, and are there on coming back', async () => {
    const files = useAttachments()
    files.show('70/reply', [])
    files.add([new File(['x'], 'crack.png', { type: 'image/png' })])
    files.show('71/reply', [stored('5')])
    expect(files.list.value.map((each) => each.name)).toEqual(['5.png'])
    expect(files.busy.value).toBe(false)
    going[0]!.done(stored('9'))
    await settled()
    expect(files.ready().map((each) => each.id)).toEqual(['5'])
    expect(going[0]!.cancel).not.toHaveBeenCalled()
    files.show('70/reply', [])
    expect(files.ready().map((each) => each.id)).toEqual(['9'])
  })

  it('survive the same draft being taken anew, and what was sent off elsewhere goes', () => {
    const files = useAttachments()
    files.show('70/reply', [stored('5')])
    files.add([new File(['x'], 'crack.png')])
    files.show('70/reply', [])
    expect(files.list.value.map((each) => each.name)).toEqual(['crack.png'])
    expect(files.busy.value).toBe(true)
  })
})
