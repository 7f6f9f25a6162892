// What the look asks of every style: logical directions, colours by token.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const src = join(import.meta.dirname, '../../src')
const sheets = readdirSync(join(src, 'styles')).map((name) => ({ name, text: readFileSync(join(src, 'styles', name), 'utf8') }))
const vues = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((each) => each.name.endsWith('.vue'))
  .map((each) => ({ name: each.name, text: readFileSync(join(each.parentPath, each.name), 'utf8') }))

function lines(files: { name: string; text: string }[], pattern: RegExp) {
  return files.flatMap((file) => file.text.split('\n').filter((line) => pattern.test(line)).map((line) => `${file.name}: ${line.trim().slice(0, 90)}`))
}

describe('the look', () => {
  it('names no physical side', () => {
    expect(lines(sheets, /(?:^|[\s;{])(?:left|right|(?:margin|padding|border|inset)-(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius)\s*:/u)).toEqual([])
    expect(lines(sheets, /text-align:\s*(?:left|right)|float:\s*(?:left|right)/u)).toEqual([])
    expect(lines(vues, /class="[^"]*\b(?:ml|mr|pl|pr|left|right|rounded-[lr]|border-[lr]|text-(?:left|right))-/u)).toEqual([])
  })

  it('has no shorthand with different start and end', () => {
    const uneven = sheets.flatMap((sheet) => [...sheet.text.matchAll(/(?:^|[\s;{])(?:padding|margin):\s*([^;}]+)[;}]/gu)]
      .map((found) => found[1]!.trim().split(/\s+(?![^(]*\))/u)).filter((parts) => parts.length === 4 && parts[1] !== parts[3]).map((parts) => `${sheet.name}: ${parts.join(' ')}`))
    expect(uneven).toEqual([])
  })

  it('takes every colour from a token', () => {
    expect(lines([...sheets, ...vues], /#[0-9a-f]{3,8}\b(?![^<]*<\/)(?=[^"]*;)|(?:rgb|hsl|oklch|oklab)a?\(/iu)).toEqual([])
  })
})
