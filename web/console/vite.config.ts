import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { aliases, dist } from '../aliases.ts'

// `PARLEY_SERVER=http://localhost:8080 npx vite -c console/vite.config.ts` works on the sources against a running server.
const server = process.env.PARLEY_SERVER
// The server checks where a request comes from: to it, this page is its own.
const to = (target: string) => ({ target, changeOrigin: true, headers: { origin: target } })
const proxy = server
  ? { '/api': to(server), '/readyz': to(server), '/w': to(server), '/ws': { target: server, ws: true, changeOrigin: true, rewriteWsOrigin: true } }
  : undefined

export default defineConfig({
  root: import.meta.dirname,
  plugins: [vue(), tailwindcss()],
  define: {
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_DROP_MESSAGE_COMPILER__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_OPTIONS_API__: false,
  },
  resolve: { alias: { ...aliases, '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy },
  build: { target: 'baseline-widely-available', outDir: dist('console'), emptyOutDir: true, manifest: true },
})
