// What must survive a crash of the browser: a small key-value shelf in IndexedDB, with memory behind it
// where the browser refuses storage (private windows).

type Shelf = 'drafts' | 'outbox'

let opening: Promise<IDBDatabase | null> | null = null
const memory = new Map<string, unknown>()

function open(): Promise<IDBDatabase | null> {
  opening ??= new Promise((resolve) => {
    if (typeof indexedDB === 'undefined') return resolve(null)
    const asked = indexedDB.open('parley-console', 1)
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('drafts')
      asked.result.createObjectStore('outbox')
    }
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => resolve(null)
    asked.onblocked = () => resolve(null)
  })
  return opening
}

async function run<T>(shelf: Shelf, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  const base = await open()
  if (!base) return undefined
  return new Promise((resolve) => {
    try {
      const asked = work(base.transaction(shelf, mode).objectStore(shelf))
      asked.onsuccess = () => resolve(asked.result)
      asked.onerror = () => resolve(undefined)
    } catch {
      resolve(undefined)
    }
  })
}

/** Stores a plain copy: reactive proxies cannot be cloned by the browser. */
export async function keep(shelf: Shelf, key: string, value: unknown): Promise<void> {
  const plain: unknown = JSON.parse(JSON.stringify(value))
  memory.set(`${shelf}/${key}`, plain)
  await run(shelf, 'readwrite', (store) => store.put(plain, key))
}

export async function drop(shelf: Shelf, key: string): Promise<void> {
  memory.delete(`${shelf}/${key}`)
  await run(shelf, 'readwrite', (store) => store.delete(key))
}

/** Everything on a shelf. */
export async function all<T>(shelf: Shelf): Promise<T[]> {
  const stored = await run<T[]>(shelf, 'readonly', (store) => store.getAll() as IDBRequest<T[]>)
  if (stored) return stored
  return [...memory].filter(([key]) => key.startsWith(`${shelf}/`)).map(([, value]) => value as T)
}

/** Everything on both shelves goes: somebody logs out of this browser. */
export async function clearLocal(): Promise<void> {
  memory.clear()
  await run('drafts', 'readwrite', (store) => store.clear())
  await run('outbox', 'readwrite', (store) => store.clear())
}
