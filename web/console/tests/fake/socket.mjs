// A WebSocket of text frames, just enough to speak with one browser: upgrade, frames, close.
import { createHash } from 'node:crypto'

const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

function frame(opcode, payload) {
  const size = payload.length
  const head = size < 126 ? Buffer.from([0x80 | opcode, size]) : size < 65536 ? Buffer.alloc(4) : Buffer.alloc(10)
  if (size >= 126) {
    head[0] = 0x80 | opcode
    head[1] = size < 65536 ? 126 : 127
    if (size < 65536) head.writeUInt16BE(size, 2)
    else head.writeBigUInt64BE(BigInt(size), 2)
  }
  return Buffer.concat([head, payload])
}

/** Answers the upgrade; `onText` gets every text frame. Returns { send, close }. */
export function accept(request, wire, onText, onGone) {
  const key = createHash('sha1').update(request.headers['sec-websocket-key'] + magic).digest('base64')
  wire.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`)
  let held = Buffer.alloc(0)
  let open = true
  const gone = () => {
    if (open) onGone()
    open = false
  }
  wire.on('data', (bytes) => {
    held = Buffer.concat([held, bytes])
    for (;;) {
      if (held.length < 2) return
      let size = held[1] & 0x7f
      let at = 2
      if (size === 126) {
        if (held.length < 4) return
        size = held.readUInt16BE(2)
        at = 4
      } else if (size === 127) {
        if (held.length < 10) return
        size = Number(held.readBigUInt64BE(2))
        at = 10
      }
      if (held.length < at + 4 + size) return
      const mask = held.subarray(at, at + 4)
      const payload = Buffer.from(held.subarray(at + 4, at + 4 + size))
      for (let i = 0; i < size; i += 1) payload[i] ^= mask[i % 4]
      const opcode = held[0] & 0x0f
      held = held.subarray(at + 4 + size)
      if (opcode === 1) onText(payload.toString('utf8'))
      else if (opcode === 8) {
        wire.end(frame(8, payload))
        gone()
      } else if (opcode === 9) wire.write(frame(10, payload))
    }
  })
  wire.on('close', gone)
  wire.on('error', gone)
  return {
    send: (value) => open && wire.write(frame(1, Buffer.from(JSON.stringify(value)))),
    close(code, reason = '') {
      const body = Buffer.alloc(2 + Buffer.byteLength(reason))
      body.writeUInt16BE(code)
      body.write(reason, 2)
      if (open) wire.end(frame(8, body))
      gone()
    },
    cut: () => wire.destroy(),
  }
}
