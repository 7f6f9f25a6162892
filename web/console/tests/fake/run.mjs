// Runs the desk in memory by itself: `node console/tests/fake/run.mjs [more conversations]`.
import { start } from './server.mjs'

const { url } = await start({ extra: Number(process.argv[2] ?? 0) })
console.log(url)
