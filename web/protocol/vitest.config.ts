import { defineConfig } from 'vitest/config'
import { aliases } from '../aliases.ts'

export default defineConfig({
  resolve: { alias: aliases },
  test: { name: 'protocol', root: import.meta.dirname, environment: 'node', include: ['tests/**/*.spec.ts'] },
})
