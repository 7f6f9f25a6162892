// As much of RFC 6455's server side as the tests need: text frames, close, ping; node has no server of its own.
import { createHash } from 'node:crypto'

/** Answers an upgrade. Calls `on_text(text)` and `on_close()`; returns `{send, close, cut}`. */
export function accept(request, socket, { on_text, on_close }) {
  const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`)
  let held = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, chunk])
    for (let frame = take(held); frame; frame = take(held)) {
      held = held.subarray(frame.length)
      if (frame.opcode === 1) on_text(frame.payload.toString('utf8'))
      if (frame.opcode === 8) socket.end(pack(8, frame.payload.subarray(0, 2)))
      if (frame.opcode === 9) socket.write(pack(10, frame.payload))
    }
  })
  socket.on('close', on_close)
  socket.on('error', () => socket.destroy())
  return {
    send: (text) => socket.write(pack(1, Buffer.from(text))),
    close: (code) => socket.end(pack(8, Buffer.from([code >> 8, code & 255]))),
    cut: () => socket.destroy(),
  }
}

/** One masked client frame, or undefined until it is there in full. */
function take(bytes) {
  if (bytes.length < 6) return undefined
  let size = bytes[1] & 127
  let at = 2
  if (size === 126) {
    size = bytes.readUInt16BE(2)
    at = 4
  } else if (size === 127) throw new Error('no test sends a frame this large')
  if (bytes.length < at + 4 + size) return undefined
  const mask = bytes.subarray(at, at + 4)
  const payload = Buffer.from(bytes.subarray(at + 4, at + 4 + size))
  for (let i = 0; i < size; i++) payload[i] ^= mask[i % 4]
  return { opcode: bytes[0] & 15, payload, length: at + 4 + size }
}

function pack(opcode, payload) {
  const size = payload.length
  const head = size < 126 ? Buffer.from([128 | opcode, size]) : Buffer.from([128 | opcode, 126, size >> 8, size & 255])
  return Buffer.concat([head, payload])
}
