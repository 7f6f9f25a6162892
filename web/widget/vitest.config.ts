import { defineConfig } from 'vitest/config'
import { aliases } from '../aliases.ts'

export default defineConfig({
  resolve: { alias: aliases },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: { name: 'widget', root: import.meta.dirname, environment: 'happy-dom', include: ['tests/**/*.spec.{ts,tsx}'] },
})
