// Where the parts of web/ find each other; every Vite and Vitest configuration uses this one list.
import { fileURLToPath } from 'node:url'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export const aliases = {
  '@parley/protocol': here('./protocol/src/index.ts'),
  '@shared': here('./shared'),
}

/** Absolute path of a folder under web/dist. */
export const dist = (part: string) => here(`./dist/${part}`)
