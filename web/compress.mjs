// Puts a .gz beside every built text file that it makes smaller; the server sends that to whoever takes it.
// `node compress.mjs`, after a build. The same input gives the same bytes.
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const dist = join(import.meta.dirname, 'dist')
const text = /\.(js|css|html|svg|json|txt|webmanifest)$/
const worth_bytes = 1_000

const files = readdirSync(dist, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? join(entry.parentPath, entry.name) : []))
for (const path of files) if (path.endsWith('.gz')) rmSync(path)

let before = 0
let after = 0
for (const path of files) {
  if (!text.test(path)) continue
  const bytes = readFileSync(path)
  const packed = gzipSync(bytes, { level: 9 })
  if (bytes.length < worth_bytes || packed.length > bytes.length * 0.9) continue
  writeFileSync(`${path}.gz`, packed)
  before += bytes.length
  after += packed.length
}
console.log(`dist: ${before} B of text also as ${after} B of gzip`)
