// The realtime protocol's client side, shared by the console and the widget.
export * from './shapes.ts'
export * from './frames.ts'
export * from './link_types.ts'
export { Link } from './link.ts'
export { Timeline, type Draft } from './timeline.ts'
export { browserLink, socketUrl, type BrowserLinkOptions } from './browser.ts'
export { backoff_ms } from './backoff.ts'
export { newCid } from './cid.ts'
