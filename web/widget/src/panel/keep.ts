// What the panel keeps for this visitor: the token, words not yet acknowledged, the text in the composer, what has
// been read, the language.
import type { Attachment, Instant } from '@parley/protocol'
import { findStore, type Store } from './storage.ts'

/** A message that has not been acknowledged; comes back after a reload. */
export interface Kept {
  cid: string
  text: string
  attachments: Attachment[]
  written: Instant
  refused?: string
}

export class Keep {
  private readonly prefix_: string

  constructor(inbox: string, private readonly store_: Store = findStore()) {
    this.prefix_ = `parley:${inbox}:`
  }

  get(name: string): string | undefined {
    return this.store_.get(this.prefix_ + name)
  }

  set(name: string, value: string | undefined): void {
    try {
      if (value === undefined) this.store_.remove(this.prefix_ + name)
      else this.store_.set(this.prefix_ + name, value)
    } catch (error) {
      // A full disk or a spent quota must not stop the chat.
      console.warn('Parley: this browser could not keep', name, error)
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
    const wanted = this.prefix_ + start
    return this.store_.names().flatMap((name) => (name.startsWith(wanted) ? [name.slice(this.prefix_.length)] : []))
  }
}
