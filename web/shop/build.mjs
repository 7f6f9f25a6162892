// Writes the shop as plain files to dist/shop. `node shop/build.mjs`
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pages } from './pages.mjs'

const to = join(import.meta.dirname, '../dist/shop')
rmSync(to, { recursive: true, force: true })
mkdirSync(to, { recursive: true })
cpSync(join(import.meta.dirname, 'static'), to, { recursive: true })
const written = pages()
for (const [path, html] of written) {
  mkdirSync(dirname(join(to, path)), { recursive: true })
  writeFileSync(join(to, path), html)
}
console.log(`dist/shop: ${written.length} pages`)
