// Somewhere to keep a few words for this visitor on this site. The frame's own (partitioned) localStorage where
// the browser allows it; where it denies storage to frames of other sites, cookies that are partitioned by site in
// the same way; else a memory that ends with the page. Cookies are small and go out with every load of the panel,
// so they are bounded, and what does not fit is only remembered.

export interface Store {
  get(name: string): string | undefined
  set(name: string, value: string): void
  remove(name: string): void
  names(): string[]
}

class LocalStore implements Store {
  get(name: string): string | undefined {
    return localStorage.getItem(name) ?? undefined
  }

  set(name: string, value: string): void {
    localStorage.setItem(name, value)
  }

  remove(name: string): void {
    localStorage.removeItem(name)
  }

  names(): string[] {
    return Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? '')
  }
}

class MemoryStore implements Store {
  private readonly kept_ = new Map<string, string>()

  get(name: string): string | undefined {
    return this.kept_.get(name)
  }

  set(name: string, value: string): void {
    this.kept_.set(name, value)
  }

  remove(name: string): void {
    this.kept_.delete(name)
  }

  names(): string[] {
    return [...this.kept_.keys()]
  }
}

const most_bytes = 6_000 // of all our cookies; servers refuse headers over 16 KiB
const age_s = 180 * 24 * 3_600

/** UTF-8 as base64, without the signs that mean something in a cookie. */
export function pack(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text))).replace(/=+$/, '')
}

export function unpack(packed: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0)))
}

export class CookieStore implements Store {
  // What does not fit, and what another tab may not see.
  private readonly rest_ = new MemoryStore()

  get(name: string): string | undefined {
    const packed = this.cookies().get(name)
    try {
      return packed === undefined ? this.rest_.get(name) : unpack(packed)
    } catch {
      return undefined
    }
  }

  set(name: string, value: string): void {
    const packed = pack(value)
    let others = 0
    for (const [other, kept] of this.cookies()) if (other !== name) others += cookieName(other).length + kept.length + 3
    if (others + cookieName(name).length + packed.length + 3 > most_bytes || packed.length > 3_800) {
      this.write(name, '', 0)
      return this.rest_.set(name, value)
    }
    this.rest_.remove(name)
    this.write(name, packed, age_s)
  }

  remove(name: string): void {
    this.rest_.remove(name)
    this.write(name, '', 0)
  }

  names(): string[] {
    return [...new Set([...this.cookies().keys(), ...this.rest_.names()])]
  }

  private write(name: string, packed: string, lives_s: number): void {
    document.cookie = `${cookieName(name)}=${packed}; Path=${location.pathname}; Max-Age=${lives_s}; SameSite=None; Secure; Partitioned`
  }

  private cookies(): Map<string, string> {
    const found = new Map<string, string>()
    for (const pair of document.cookie.split('; ')) {
      const at = pair.indexOf('=')
      if (pair.startsWith('parley')) found.set(decodeURIComponent(pair.slice(0, at)), pair.slice(at + 1))
    }
    return found
  }
}

const cookieName = (name: string) => encodeURIComponent(name)

function works(store: Store): boolean {
  try {
    store.set('parley:probe', '1')
    const kept = store.get('parley:probe') === '1'
    store.remove('parley:probe')
    return kept
  } catch {
    return false
  }
}

/** The best store that this browser lets us have. */
export function findStore(): Store {
  const local = new LocalStore()
  if (works(local)) return local
  const cookies = new CookieStore()
  return works(cookies) ? cookies : new MemoryStore()
}
