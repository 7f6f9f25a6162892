// What the panel keeps in its own (partitioned) storage: the visitor's token, words not yet acknowledged, the
// text in the composer, what has been read, the language. A browser that allows no storage gets a memory
// that ends with the page.
import type { Attachment, Instant } from '@parley/protocol'

/** A message that has not been acknowledged; comes back after a reload. */
export interface Kept {
  cid: string
  text: string
  attachments: Attachment[]
  written: Instant
  refused?: string
}

export class Keep {
  private readonly memory_ = new Map<string, string>()
  private readonly prefix_: string

  constructor(inbox: string) {
    this.prefix_ = `parley:${inbox}:`
  }

  get(name: string): string | undefined {
    try {
      return localStorage.getItem(this.prefix_ + name) ?? undefined
    } catch {
      return this.memory_.get(name)
    }
  }

  set(name: string, value: string | undefined): void {
    try {
      if (value === undefined) localStorage.removeItem(this.prefix_ + name)
      else localStorage.setItem(this.prefix_ + name, value)
    } catch {
      if (value === undefined) this.memory_.delete(name)
      else this.memory_.set(name, value)
    }
  }

  // One record a message: two tabs of one shop share this storage and must not overwrite each other's.
  keepMessage(message: Kept): void {
    this.set(`out:${message.cid}`, JSON.stringify(message))
  }

  dropMessage(cid: string): void {
    this.set(`out:${cid}`, undefined)
  }

  /** Oldest first. A record that cannot be read is dropped. */
  messages(): Kept[] {
    const kept: Kept[] = []
    for (const name of this.names('out:')) {
      try {
        const message = JSON.parse(this.get(name) ?? '') as Kept
        if (typeof message.cid === 'string' && typeof message.text === 'string') {
          kept.push({ ...message, attachments: message.attachments ?? [] })
          continue
        }
      } catch { /* unreadable */ }
      this.set(name, undefined)
    }
    return kept.sort((a, b) => a.written - b.written)
  }

  /** Forget this person. The language stays. */
  clear(): void {
    for (const name of this.names('')) if (name !== 'locale') this.set(name, undefined)
  }

  private names(start: string): string[] {
    try {
      const names: string[] = []
      for (let i = 0; i < localStorage.length; i++) {
        const key = localStorage.key(i)
        if (key?.startsWith(this.prefix_ + start)) names.push(key.slice(this.prefix_.length))
      }
      return names
    } catch {
      return [...this.memory_.keys()].filter((name) => name.startsWith(start))
    }
  }
}
