// Where the visitor writes: grows with the text, keeps the draft over a reload, takes files from the picker, by
// drop and by paste, and leaves Enter alone while an input method is composing.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Attachment } from '@parley/protocol'
import { Icon } from '../icons.tsx'
import type { Session } from '../session.ts'
import { Uploads, type Upload } from '../uploads.ts'
import { bytes } from '../when.ts'
import type { Shared } from './parts.tsx'

/** One set of uploads a page: it outlives the composer's comings and goings. */
export function useUploads(session: Session): Uploads {
  const [, redraw] = useState(0)
  const held = useRef<Uploads | undefined>(undefined)
  held.current ??= new Uploads({
    url: '/w/attachments',
    token: () => session.token,
    on_change: () => {
      session.keep.set('files', JSON.stringify(held.current!.ready()))
      redraw((count) => count + 1)
    },
  })
  useEffect(() => {
    const stored = session.keep.get('files')
    try {
      const files = stored ? (JSON.parse(stored) as Attachment[]) : []
      if (Array.isArray(files) && files.length) held.current!.restore(files)
    } catch { session.keep.set('files', undefined) }
  }, [])
  return held.current
}

interface Props extends Shared {
  uploads: Uploads
  /** Counts the times that the panel was opened: the caret belongs here then. */
  opened: number
}

export function Composer({ session, words, locale, uploads, opened }: Props) {
  const [text, setText] = useState(() => session.keep.get('draft') ?? '')
  const [hint, setHint] = useState('')
  const wanted = useRef(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const list = uploads.list()
  const failed = list.some((upload) => upload.failed)
  const empty = text.trim() === '' && list.length === 0

  useLayoutEffect(() => {
    const area = field.current!
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, 120)}px`
  }, [text])
  useEffect(() => {
    if (opened) field.current?.focus()
  }, [opened])
  // Send was pressed while a file was still on its way.
  useEffect(() => {
    if (wanted.current && !uploads.busy) send()
  })

  const change = (value: string) => {
    setText(value)
    session.keep.set('draft', value || undefined)
    if (value) session.type()
    else session.stopTyping()
  }

  function send(): void {
    wanted.current = false
    if (empty || failed) return
    if (uploads.busy) {
      wanted.current = true
      return
    }
    session.say(text.trim(), uploads.ready())
    uploads.clear()
    change('')
    field.current?.focus()
  }

  const add = (files: Iterable<File>) => {
    const { attachments, attachment_bytes } = session.limits
    setHint('')
    for (const file of files) {
      if (uploads.list().length >= attachments) return setHint(words.too_many_files(attachments))
      uploads.add(file, attachment_bytes)
    }
  }

  const key = (event: KeyboardEvent) => {
    // 229 is what an input method's Enter looks like where isComposing is not told.
    if (event.isComposing || event.keyCode === 229) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      send()
    }
  }

  return (
    <DropTarget words={words} onFiles={add}>
      {list.length > 0 && (
        <ul class="chips">
          {list.map((upload) => (
            <Chip
              key={upload.key} upload={upload} words={words} locale={locale} limit={bytes(session.limits.attachment_bytes, locale)}
              onRemove={() => uploads.remove(upload.key)} onRetry={() => uploads.retry(upload.key)}
            />
          ))}
        </ul>
      )}
      {hint && <p class="hint" role="status">{hint}</p>}
      <div class="wc">
        <textarea
          ref={field} rows={1} dir="auto" value={text} maxLength={session.limits.text} aria-label={words.write} placeholder={words.write}
          enterkeyhint="send" onInput={(event) => change(event.currentTarget.value)} onKeyDown={key} onBlur={() => session.stopTyping()}
          onPaste={(event) => {
            const files = event.clipboardData?.files
            if (!files?.length) return
            event.preventDefault()
            add(files)
          }}
        />
        <input
          ref={picker} type="file" multiple hidden onChange={(event) => {
            add(event.currentTarget.files ?? [])
            event.currentTarget.value = ''
          }}
        />
        <button type="button" class="btn quiet sq" aria-label={words.attach} onClick={() => picker.current?.click()}><Icon name="clip" size={18} /></button>
        <button type="button" class="btn pri sq" aria-label={words.send} aria-disabled={empty || failed} onClick={send}><Icon name="send" size={18} /></button>
      </div>
    </DropTarget>
  )
}

function Chip({ upload, words, locale, limit, onRemove, onRetry }: {
  upload: Upload; limit: string; onRemove: () => void; onRetry: () => void
} & Pick<Shared, 'words' | 'locale'>) {
  const fault = upload.failed === 'too_large' ? words.too_large(limit) : upload.failed ? words[upload.failed] : ''
  const percent = Math.round(upload.progress * 100)
  return (
    <li class={`chip ${upload.failed ? 'wrong' : ''}`}>
      {upload.preview ? <img src={upload.preview} alt="" width="28" height="28" /> : <Icon name="file" />}
      <span class="grow">
        <span class="cut" dir="auto">{upload.name}</span>
        <span class="muted" role={upload.failed ? 'alert' : undefined}>{fault || bytes(upload.size, locale)}</span>
        {!upload.done && !upload.failed && <progress max={100} value={percent} aria-label={words.uploading(percent)} />}
      </span>
      {upload.failed === 'upload_failed' && <button type="button" class="btn quiet" onClick={onRetry}>{words.again}</button>}
      <button type="button" class="btn quiet sq" aria-label={words.remove_file(upload.name)} onClick={onRemove}><Icon name="x" /></button>
    </li>
  )
}

/** Files may be dropped anywhere on the panel. */
function DropTarget({ words, onFiles, children }: { words: Shared['words']; onFiles: (files: Iterable<File>) => void; children: preact.ComponentChildren }) {
  const [over, setOver] = useState(false)
  const take = useRef(onFiles)
  take.current = onFiles
  useEffect(() => {
    const has = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const enter = (event: DragEvent) => {
      if (!has(event)) return
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent) => {
      setOver(false)
      if (!has(event)) return
      event.preventDefault()
      take.current(event.dataTransfer?.files ?? [])
    }
    addEventListener('dragenter', enter)
    addEventListener('dragover', enter)
    addEventListener('dragleave', leave)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragenter', enter)
      removeEventListener('dragover', enter)
      removeEventListener('dragleave', leave)
      removeEventListener('drop', drop)
    }
  }, [])
  return <>{over && <div class="drop" aria-hidden="true">{words.drop_here}</div>}{children}</>
}
