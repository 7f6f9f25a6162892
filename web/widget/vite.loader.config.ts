import { defineConfig } from 'vite'
import { dist } from '../aliases.ts'
import { dark, light } from './tokens_at_build.ts'

// One classic script with no name of its own in the page besides `Parley`.
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  define: {
    ...Object.fromEntries(Object.entries(light).map(([name, value]) => [`LIGHT.${name}`, JSON.stringify(value)])),
    ...Object.fromEntries(Object.entries(dark).map(([name, value]) => [`DARK.${name}`, JSON.stringify(value)])),
  },
  build: {
    target: 'es2022',
    outDir: dist('widget'),
    emptyOutDir: false,
    copyPublicDir: false,
    rollupOptions: {
      input: `${import.meta.dirname}/src/loader/w.ts`,
      output: { format: 'iife', entryFileNames: 'w.js' },
    },
  },
})
