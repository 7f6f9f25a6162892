// A test runner small enough to share one browser and one server between all tests: in order, each with a time limit.
const tests = []

/** Registers a test; `limit_ms` bounds it. */
export function test(name, body, { limit_ms = 60_000 } = {}) {
  tests.push({ name, body, limit_ms })
}

/** Runs what is registered (names that contain `only`, if given) and forgets it. Returns {passed, failed}. */
export async function runAll(context, only) {
  let passed = 0
  let failed = 0
  for (const { name, body, limit_ms } of tests.splice(0)) {
    if (only && !name.includes(only)) continue
    const begun = performance.now()
    let timer
    try {
      await Promise.race([
        body(context),
        new Promise((_, reject) => {
          timer = setTimeout(() => reject(new Error(`not done after ${limit_ms / 1000} s`)), limit_ms)
        }),
      ])
      passed += 1
      console.log(`ok      ${name} (${Math.round(performance.now() - begun)} ms)`)
    } catch (error) {
      failed += 1
      console.log(`FAILED  ${name}\n${String(error?.stack ?? error).replace(/^/gm, '        ')}`)
    } finally {
      clearTimeout(timer)
    }
  }
  return { passed, failed }
}

/** Polls until `probe` gives something true (returned); fails with `what` after `limit_ms`. */
export async function until(what, probe, limit_ms = 20_000) {
  const end = performance.now() + limit_ms
  for (;;) {
    const found = await probe()
    if (found) return found
    if (performance.now() > end) throw new Error(`waited ${limit_ms} ms for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** When (ms since 1970, the page's own clock) an element with this text first stands in a frame. Call it before. */
export function appears(frame, selector, text) {
  return frame.evaluate(([selector, text]) => new Promise((resolve) => {
    const look = () => [...document.querySelectorAll(selector)].some((one) => one.textContent.includes(text))
    if (look()) return resolve(Date.now())
    const watch = new MutationObserver(() => {
      if (!look()) return
      watch.disconnect()
      resolve(Date.now())
    })
    watch.observe(document.body, { subtree: true, childList: true, characterData: true })
  }), [selector, text])
}

/** Presses a button inside a frame and says when (ms since 1970), without the driver's own waiting in between. */
export function press(frame, selector) {
  return frame.evaluate((selector) => {
    const now = Date.now()
    document.querySelector(selector).click()
    return now
  }, selector)
}
