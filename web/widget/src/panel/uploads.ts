// Files on their way: each starts at once, tells its progress and ends as an attachment or with a reason.
import { newCid, type Attachment } from '@parley/protocol'

export interface Upload {
  key: string
  name: string
  size: number
  /** A local picture to look at meanwhile. */
  preview?: string
  progress: number
  done?: Attachment
  failed?: 'too_large' | 'type_refused' | 'upload_failed'
}

export interface UploadOptions {
  url: string
  token: () => string | undefined
  on_change: () => void
}

export class Uploads {
  private readonly list_: Upload[] = []
  private readonly going_ = new Map<string, XMLHttpRequest>()
  private readonly files_ = new Map<string, File>()

  constructor(private readonly options_: UploadOptions) {}

  list(): Upload[] {
    return [...this.list_]
  }

  get busy(): boolean {
    return this.list_.some((upload) => !upload.done && !upload.failed)
  }

  /** What may go with a message now. */
  ready(): Attachment[] {
    return this.list_.flatMap((upload) => (upload.done ? [upload.done] : []))
  }

  add(file: File, limit_bytes: number): void {
    const upload: Upload = { key: newCid(), name: file.name || 'image.png', size: file.size, progress: 0 }
    if (file.type.startsWith('image/')) upload.preview = URL.createObjectURL(file)
    this.list_.push(upload)
    this.files_.set(upload.key, file)
    if (file.size > limit_bytes) this.change(upload.key, { failed: 'too_large' })
    else this.begin(upload.key)
  }

  /** Attachments that an earlier page had already sent. */
  restore(attachments: Attachment[]): void {
    for (const done of attachments) {
      this.list_.push({ key: newCid(), name: done.name, size: done.size, progress: 1, done })
    }
    this.options_.on_change()
  }

  retry(key: string): void {
    this.change(key, { failed: undefined, progress: 0 })
    this.begin(key)
  }

  remove(key: string): void {
    this.going_.get(key)?.abort()
    const at = this.list_.findIndex((upload) => upload.key === key)
    if (at < 0) return
    const [gone] = this.list_.splice(at, 1)
    if (gone?.preview) URL.revokeObjectURL(gone.preview)
    this.files_.delete(key)
    this.going_.delete(key)
    this.options_.on_change()
  }

  /** The message that carries them is on its way. */
  clear(): void {
    for (const { key } of this.list()) this.remove(key)
  }

  private begin(key: string): void {
    const file = this.files_.get(key)!
    const request = new XMLHttpRequest()
    this.going_.set(key, request)
    request.open('POST', this.options_.url)
    request.setRequestHeader('Authorization', `Bearer ${this.options_.token() ?? ''}`)
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream')
    request.setRequestHeader('X-Parley-Filename', encodeURIComponent(file.name || 'image.png'))
    request.timeout = 120_000
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) this.change(key, { progress: event.loaded / event.total })
    }
    request.onload = () => {
      const done = request.status < 300 ? attachmentOf(request.responseText) : undefined
      if (done) return this.change(key, { done, progress: 1 })
      this.change(key, { failed: request.status === 413 ? 'too_large' : request.status === 415 ? 'type_refused' : 'upload_failed' })
    }
    request.onerror = request.ontimeout = () => this.change(key, { failed: 'upload_failed' })
    request.send(file)
  }

  private change(key: string, change: Partial<Upload>): void {
    const at = this.list_.findIndex((upload) => upload.key === key)
    if (at < 0) return
    this.list_[at] = { ...this.list_[at]!, ...change }
    this.options_.on_change()
  }
}

function attachmentOf(text: string): Attachment | undefined {
  try {
    const answer = JSON.parse(text) as Attachment
    return typeof answer.id === 'string' ? answer : undefined
  } catch {
    return undefined
  }
}
