import { defineConfig } from 'vite'
import { aliases, dist } from '../aliases.ts'

// The panel: one page with hashed files under /w/assets/.
export default defineConfig({
  root: import.meta.dirname,
  base: '/w/',
  publicDir: false,
  resolve: { alias: aliases },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'baseline-widely-available',
    outDir: dist('widget'),
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    rollupOptions: { input: `${import.meta.dirname}/panel.html` },
  },
})
