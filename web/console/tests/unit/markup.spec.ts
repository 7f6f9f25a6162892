import { describe, expect, it } from 'vitest'
import { blocks, plain, spans } from '@shared/markup.ts'
import { continued, formatted, type Edit } from '@/composer/format'
import { fromHtml } from '@/composer/paste'

const apply = (text: string, edit: Edit | null) => (edit ? text.slice(0, edit.from) + edit.text + text.slice(edit.to) : text)
const chosen = (text: string, edit: Edit) => apply(text, edit).slice(...edit.select)

describe('light markup', () => {
  it('draws bold, italic, code and links, one inside the other', () => {
    expect(spans('**Yes**, _until 18:00_: `A-1`')).toEqual([
      { text: 'Yes', bold: true }, { text: ', ' }, { text: 'until 18:00', italic: true }, { text: ': ' }, { text: 'A-1', code: true },
    ])
    expect(spans('**see [the guide](https://a.test/x)**')).toEqual([{ text: 'see ', bold: true }, { text: 'the guide', href: 'https://a.test/x', bold: true }])
    expect(spans('**https://a.test/x**')).toEqual([{ text: 'https://a.test/x', href: 'https://a.test/x', bold: true }])
    expect(spans('**周五**之前送到')).toEqual([{ text: '周五', bold: true }, { text: '之前送到' }])
  })

  it('leaves alone what only looks like it', () => {
    for (const text of ['2*3*4 = 24', 'a ** b ** c', 'snake_case_name', '** not **', '[x](javascript:alert(1))', 'a_b https://a.test/x_y_z', '****', '`', '__init__']) {
      expect(spans(text).map((span) => span.text).join('')).toBe(text)
      expect(spans(text).some((span) => span.bold ?? span.italic ?? span.code), text).toBe(false)
    }
  })

  it('draws lists, numbers, quotes and code between paragraphs', () => {
    const text = 'Two ways:\n- by post\n- by **courier**\n\n3. third\n4. fourth\n> you said\n> so\n```\n- not a list\n```\nBye'
    expect(blocks(text).map((block) => block.kind)).toEqual(['text', 'list', 'numbers', 'quote', 'code', 'text'])
    expect(blocks(text)[2]).toMatchObject({ from: 3 })
    expect(blocks(text)[4]).toEqual({ kind: 'code', text: '- not a list' })
    expect(plain(text)).toBe('Two ways: by post by courier third fourth you said\nso - not a list Bye')
  })

  it('keeps the lines of a plain text, and a fence that never ends', () => {
    expect(blocks('one\n\n  two')).toEqual([{ kind: 'text', spans: [{ text: 'one\n\n  two' }] }])
    expect(blocks('```\nopen')).toEqual([{ kind: 'text', spans: [{ text: '```\nopen' }] }])
  })

  it('takes no time over hostile text', () => {
    const begun = performance.now()
    for (const piece of ['**', '_a', '[', '`', '> ', '](https://']) blocks(piece.repeat(10_000 / piece.length))
    expect(performance.now() - begun).toBeLessThan(1_500)
  })
})

describe('formatting what is selected', () => {
  it('puts marks around the words and takes them off again', () => {
    const bold = formatted('send it today', 5, 8, 'bold')
    expect(apply('send it today', bold)).toBe('send **it** today')
    expect(chosen('send it today', bold)).toBe('it')
  })

  it('is undone by the same key, whatever is selected', () => {
    expect(apply('a **b** c', formatted('a **b** c', 4, 5, 'bold'))).toBe('a b c')
    expect(apply('a **b** c', formatted('a **b** c', 2, 7, 'bold'))).toBe('a b c')
    expect(apply('ab', formatted('ab', 1, 1, 'italic'))).toBe('a__b')
  })

  it('makes a link of words or of an address', () => {
    const words = formatted('our guide', 4, 9, 'link')
    expect(apply('our guide', words)).toBe('our [guide](https://)')
    expect(chosen('our guide', words)).toBe('https://')
    expect(apply('https://a.test', formatted('https://a.test', 0, 14, 'link'))).toBe('[](https://a.test)')
  })

  it('gives every selected line its sign and takes all of them back', () => {
    const made = apply('x\none\ntwo', formatted('x\none\ntwo', 3, 8, 'numbers'))
    expect(made).toBe('x\n1. one\n2. two')
    expect(apply('- a\n- b', formatted('- a\n- b', 0, 7, 'list'))).toBe('a\nb')
  })

  it('goes on with a list, counts on, and ends it on an empty item', () => {
    expect(apply('- a', continued('- a', 3))).toBe('- a\n- ')
    expect(apply('9. a', continued('9. a', 4))).toBe('9. a\n10. ')
    expect(apply('- a\n- ', continued('- a\n- ', 6))).toBe('- a\n')
    expect(continued('a - b', 5)).toBeNull()
  })
})

describe('pasting from a document', () => {
  it('keeps what the markup can say', () => {
    expect(fromHtml('<p class="MsoNormal"><b>Care</b>: wash by <i>hand</i>.</p><ul><li>cold</li><li>no soap</li></ul>')).toBe('**Care**: wash by _hand_.\n\n- cold\n- no soap')
    expect(fromHtml('<ol><li>one</li><li><a href="https://a.test/(x)">two</a></li></ol>')).toBe('1. one\n2. [two](https://a.test/%28x%29)')
    expect(fromHtml('<blockquote><p>you said</p></blockquote><p>yes <code>A-1</code></p>')).toBe('> you said\n\nyes `A-1`')
  })

  it('is not fooled by wrappers that say the opposite, and runs nothing', () => {
    expect(fromHtml('<b style="font-weight:normal"><span style="font-weight:700">Bold</span> and plain</b>')).toBe('**Bold** and plain')
    expect(fromHtml('<style>b{}</style><script>alert(1)</script><b>x</b><img src=x onerror="alert(1)"><a href="javascript:alert(1)">y</a>')).toBe('**x**y')
  })

  it('leaves a plain text to the browser', () => {
    expect(fromHtml('<meta charset="utf-8"><span>just words</span>')).toBe('')
  })
})
