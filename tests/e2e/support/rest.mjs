// The REST API with the demo's administrator token: what the database says.
export class Rest {
  constructor(demo) {
    this.base = demo.api.replace(/\/$/, '')
    this.token = demo.token
  }

  async call(method, path, body) {
    const answer = await fetch(`${this.base}${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, ...(body && { 'Content-Type': 'application/json' }) },
      body: body && JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
    return text ? JSON.parse(text) : undefined
  }

  resolve(conversation) {
    return this.call('POST', `/conversations/${conversation}/status`, { status: 'resolved' })
  }

  /** Nobody of the demo's own story waits any more: what is offered next is the test's. */
  async clearTheLine() {
    for (let rounds = 0; rounds < 50; rounds++) {
      const { items } = await this.call('GET', '/conversations?view=unassigned&limit=200')
      const waiting = items.filter((one) => one.status !== 'resolved')
      if (waiting.length === 0) return
      for (const { id } of waiting) await this.resolve(id)
    }
    throw new Error('the line does not get empty')
  }

  /** Every entry of a conversation, oldest first. */
  async entries(conversation) {
    const all = []
    let after = 0
    for (let pages = 0; pages < 50; pages++) {
      const { items } = await this.call('GET', `/conversations/${conversation}/entries?after=${after}&limit=200`)
      if (items.length === 0) return all
      all.push(...items.sort((a, b) => a.seq - b.seq))
      after = all.at(-1).seq
    }
    throw new Error('a conversation of a test never has this many pages')
  }

  /** The public messages of a conversation: [{text, cid}], in the order of the database. */
  async messages(conversation) {
    return (await this.entries(conversation)).filter((entry) => entry.kind === 'message' && entry.public)
  }
}
