// How much a visitor and an agent have to load, as gzip.
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './support/chromium.mjs'
import { test } from './support/runner.mjs'

const dist = join(root, 'web/dist')
const size = (path) => gzipSync(readFileSync(path), { level: 9 }).length

test('widget: the loader fits in 4 KB and the panel in 40 KB', async () => {
  const loader = size(join(dist, 'widget/w.js'))
  const panel = readdirSync(join(dist, 'widget/assets')).filter((file) => !file.endsWith('.gz')).reduce((sum, file) => sum + size(join(dist, 'widget/assets', file)), size(join(dist, 'widget/panel.html')))
  console.log(`        loader ${loader} B, panel ${panel} B (gzip)`)
  assert.ok(loader <= 4_000 && panel <= 40_000)
})

test('console: what is loaded before the first list fits in 150 KB', async () => {
  const files = join(dist, 'console')
  const html = readFileSync(join(files, 'index.html'), 'utf8')
  const first = new Set([...html.matchAll(/(?:src|href)="\/?(assets\/[^"]+)"/g)].map((match) => match[1]))
  const manifest = JSON.parse(readFileSync(join(files, '.vite/manifest.json'), 'utf8'))
  const take = (key) => {
    const chunk = manifest[key]
    first.add(chunk.file)
    for (const file of chunk.css ?? []) first.add(file)
    for (const next of chunk.imports ?? []) if (!first.has(manifest[next].file)) take(next)
  }
  for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry) take(key)
  const all = [...first].reduce((sum, file) => sum + size(join(files, file)), size(join(files, 'index.html')))
  console.log(`        ${first.size} files, ${all} B (gzip)`)
  assert.ok(all <= 150_000)
})
