// A WebSocket whose other end is the test.
export class TestSocket {
  static readonly OPEN = 1
  static all: TestSocket[] = []
  static get last(): TestSocket {
    return TestSocket.all.at(-1)!
  }

  readyState = 0
  readonly sent: Record<string, unknown>[] = []
  closed: number | undefined
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number; reason: string }) => void) | null = null

  constructor(readonly url: string) {
    TestSocket.all.push(this)
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>)
  }

  close(code: number): void {
    this.closed = code
    this.readyState = 3
  }

  open(): void {
    this.readyState = 1
    this.onopen?.()
  }

  receive(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }

  drop(code = 1006): void {
    this.readyState = 3
    this.onclose?.({ code, reason: '' })
  }

  welcome(more: object = {}): void {
    this.open()
    this.receive({
      op: 'welcome', v: 1, epoch: 'e', as_of: '0', resume: 'snapshot', server_time: 0, token: 'tok', me: {},
      inbox: { name: 'Tidewater', locale: 'en', open: true }, conversation: null, entries: [], more: false, queue: null, ...more,
    })
  }

  /** Frames with this op, sent so far. */
  ops(op: string): Record<string, unknown>[] {
    return this.sent.filter((frame) => frame['op'] === op)
  }
}
