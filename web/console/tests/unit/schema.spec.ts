// @vitest-environment node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'
import { expect, it } from 'vitest'

it('the types of the API are those of the served description (npm run types makes them anew)', async () => {
  const description = pathToFileURL(join(import.meta.dirname, '../../../openapi.json'))
  const made = astToString(await openapiTS(description))
  const kept = readFileSync(join(import.meta.dirname, '../../src/api/schema.d.ts'), 'utf8')
  expect(kept.slice(kept.indexOf('export interface paths'))).toBe(made.slice(made.indexOf('export interface paths')))
}, 30_000)
