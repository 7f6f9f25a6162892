// Reads colour tokens out of shared/tokens.css for code that runs where the style sheet is not.
import { readFileSync } from 'node:fs'

const css = readFileSync(new URL('../shared/tokens.css', import.meta.url), 'utf8')

/** The tokens that the loader needs. */
const names = [
  'binding', 'binding-active', 'focus', 'accent', 'text-on-accent', 'surface-near', 'shadow-2', 'shadow-3',
] as const

type Name = (typeof names)[number]
type Underscored<S extends string> = S extends `${infer A}-${infer B}` ? `${A}_${Underscored<B>}` : S
type Colours = Record<Underscored<Name>, string>

/** Values by token name (with _ for -), of the block that starts with `selector`. */
function block(selector: string): Colours {
  const start = css.indexOf(selector)
  const end = css.indexOf('\n}', start)
  if (start < 0 || end < 0) throw new Error(`tokens.css has no block ${selector}`)
  const text = css.slice(start, end).replace(/\/\*[^]*?\*\//g, '')
  return Object.fromEntries(
    names.map((name) => {
      const value = new RegExp(`--${name}:\\s*([^;]+);`).exec(text)?.[1]
      if (value === undefined) throw new Error(`tokens.css has no --${name} in ${selector}`)
      return [name.replaceAll('-', '_'), value.replace(/\s+/g, ' ').trim()]
    }),
  ) as Colours
}

export const light = block(':root, [data-theme="light"] {')
export const dark = block('[data-theme="dark"] {')
