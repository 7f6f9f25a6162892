import { defineConfig, mergeConfig } from 'vitest/config'
import base from './vite.config.ts'

export default mergeConfig(
  base,
  defineConfig({
    test: { name: 'console', root: import.meta.dirname, environment: 'happy-dom', include: ['tests/**/*.spec.ts'] },
  }),
)
