import { describe, expect, it } from 'vitest'
import { linked } from '@shared/links.ts'

const hrefs = (text: string) => linked(text).flatMap((part) => part.href ?? [])

describe('addresses in words', () => {
  it('are found, and everything written is still there', () => {
    for (const text of ['see https://a.example/b?c=d#e, or http://b.example.', '（见https://a.example/x。）', 'none', '', 'https://a.example']) {
      expect(linked(text).map((part) => part.text).join('')).toBe(text)
    }
    expect(hrefs('see https://a.example/b?c=d#e, or (http://b.example/x).')).toEqual(['https://a.example/b?c=d#e', 'http://b.example/x'])
    expect(hrefs('订单在https://a.example/1，谢谢')).toEqual(['https://a.example/1'])
    expect(hrefs('https://a.example/wiki/Tea_(drink)')).toEqual(['https://a.example/wiki/Tea_(drink)'])
  })

  it('never lead anywhere but to a web page', () => {
    expect(hrefs('javascript:alert(1) data:text/html,x file:///etc/passwd //a.example https:// http://')).toEqual([])
    expect(hrefs('<a href="https://a.example">x</a>')).toEqual(['https://a.example/'])
  })
})
