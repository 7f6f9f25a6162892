// A test of the widget against a stand-in server of its own.
import assert from 'node:assert/strict'
import { ChatServer } from './chat_server.mjs'
import { test } from './runner.mjs'
import { goHome } from './visitor.mjs'

/** Registers a test; `body` gets {browser, server, product} and may return a visitor whose console must be clean. */
export function scene(name, body, options) {
  test(`widget: ${name}`, async ({ browser }) => {
    const server = await new ChatServer().start()
    try {
      const errors = await body({ browser, server, product: `${server.shop}/gaiwan-matte.html` })
      assert.deepEqual(errors?.errors ?? [], [], 'errors in the browser console')
    } finally {
      await goHome()
      await server.stop()
    }
  }, options)
}
