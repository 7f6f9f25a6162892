// Uploads one file with progress. XMLHttpRequest, because fetch does not tell how far an upload has come.
import type { Attachment } from './shapes'
import { address, csrfToken, Problem } from './http'

export interface Upload {
  done: Promise<Attachment>
  cancel: () => void
}

export function upload(file: File, onProgress: (share: number) => void): Upload {
  const wire = new XMLHttpRequest()
  const done = new Promise<Attachment>((resolve, reject) => {
    wire.open('POST', address('/attachments'))
    wire.responseType = 'json'
    wire.setRequestHeader('Content-Type', file.type || 'application/octet-stream')
    wire.setRequestHeader('X-Parley-Filename', encodeURIComponent(file.name || 'file'))
    wire.setRequestHeader('X-Parley-CSRF', csrfToken())
    wire.upload.onprogress = (e) => onProgress(e.lengthComputable ? e.loaded / e.total : 0)
    wire.onload = () => {
      const said = (wire.response ?? {}) as Record<string, unknown>
      if (wire.status >= 200 && wire.status < 300) resolve(said as unknown as Attachment)
      else reject(new Problem(wire.status, String(said.code ?? 'unavailable'), String(said.detail ?? '')))
    }
    wire.onerror = () => reject(new Problem(0, 'network', ''))
    wire.onabort = () => reject(new Problem(0, 'aborted', ''))
    wire.send(file)
  })
  return { done, cancel: () => wire.abort() }
}
