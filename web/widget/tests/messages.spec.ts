import { describe, expect, it } from 'vitest'
import { hostShapes, panelShapes, readMessage, sealed, type HostMessage, type PanelMessage } from '../src/shared/messages.ts'

const host = (data: unknown) => readMessage<HostMessage>(data, hostShapes)
const panel = (data: unknown) => readMessage<PanelMessage>(data, panelShapes)

describe('messages between host page and panel', () => {
  it('come through with exactly their members', () => {
    expect(panel({ ...sealed({ type: 'unread', count: 2 }), extra: 'x' })).toEqual({ type: 'unread', count: 2 })
    expect(host(sealed({ type: 'open', cover: true }))).toEqual({ type: 'open', cover: true })
    expect(host(sealed({ type: 'update', order: 'A1', title: 'Gaiwan' }))).toEqual({ type: 'update', order: 'A1', title: 'Gaiwan' })
  })

  it('are refused when anything about them is off', () => {
    for (const bad of [
      null, 'hello', 7, [], {}, { type: 'open', cover: true }, { type: 'open', cover: true, parley: 2 }, { type: 'open', parley: 1 },
      { type: 'unread', count: '2', parley: 1 }, { type: 'identify', identity: { sub: 'x' }, parley: 1 }, { type: 'identify', parley: 1 },
      { type: '__proto__', parley: 1 }, { type: 'constructor', parley: 1 }, { type: 'toString', parley: 1 },
      { type: 'identify', identity: 'x'.repeat(20_000), parley: 1 },
    ]) {
      expect(host(bad), JSON.stringify(bad)?.slice(0, 80)).toBeUndefined()
      expect(panel(bad), JSON.stringify(bad)?.slice(0, 80)).toBeUndefined()
    }
  })

  it('do not pass from one side as the other', () => {
    expect(panel(sealed({ type: 'identify', identity: 'x' }))).toBeUndefined()
    expect(host(sealed({ type: 'unread', count: 1 }))).toBeUndefined()
  })
})
