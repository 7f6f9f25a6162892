// One entry of the talk: a message of ours or theirs, an order, a form, a removed message.
import type { Attachment, Draft, PublicEntry } from '@parley/protocol'
import { useState } from 'preact/hooks'
import { Icon, type IconName } from '../icons.tsx'
import { bytes, money } from '../when.ts'
import type { Locale, Words } from '../words.ts'
import { linked } from '@shared/links.ts'
import { blocks, type Block, type Span } from '@shared/markup.ts'
import { Face } from './parts.tsx'

function Spans({ spans }: { spans: Span[] }) {
  return spans.map((span, index) => {
    const look = [span.bold && 'bold', span.italic && 'slant'].filter(Boolean).join(' ') || undefined
    if (span.href) return <a key={index} class={look} href={span.href} target="_blank" rel="noopener noreferrer nofollow">{span.text}</a>
    if (span.code) return <code key={index} class={look}>{span.text}</code>
    if (span.bold) return <strong key={index} class={look}>{span.text}</strong>
    return span.italic ? <em key={index} class={look}>{span.text}</em> : span.text
  })
}

function Part({ block }: { block: Block }) {
  switch (block.kind) {
    case 'text': return <p><Spans spans={block.spans} /></p>
    case 'quote': return <blockquote><Spans spans={block.spans} /></blockquote>
    case 'code': return <pre tabIndex={0}>{block.text}</pre>
    case 'list': return <ul>{block.items.map((item, index) => <li key={index}><Spans spans={item} /></li>)}</ul>
    case 'numbers': return <ol start={block.from}>{block.items.map((item, index) => <li key={index}><Spans spans={item} /></li>)}</ol>
  }
}

/** Words with addresses that can be followed: the visitor's exactly as written, ours with their markup drawn. */
function Text({ text, marked }: { text: string; marked?: boolean }) {
  const parts = marked ? blocks(text) : undefined
  return (
    <div class="bub" dir="auto">
      {!parts && <Spans spans={linked(text)} />}
      {parts && (parts.length === 1 && parts[0]!.kind === 'text' ? <Spans spans={parts[0]!.spans} /> : parts.map((block, index) => <Part key={index} block={block} />))}
    </div>
  )
}

function Files({ files, locale }: { files: Attachment[]; locale: Locale }) {
  if (files.length === 0) return null
  return (
    <ul class="files">
      {files.map((file) => (
        <li key={file.id}>
          {file.url && file.media_type?.startsWith('image/') ? <Picture file={file} url={file.url} /> : <FileRow file={file} locale={locale} />}
        </li>
      ))}
    </ul>
  )
}

/** Addresses are renewed every few minutes; a picture that is there already is not loaded again for it. */
function Picture({ file, url }: { file: Attachment; url: string }) {
  const [loaded, setLoaded] = useState<string>()
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      <img src={loaded ?? url} alt={file.name} width={file.width ?? undefined} height={file.height ?? undefined} loading="lazy" onLoad={() => setLoaded(loaded ?? url)} />
    </a>
  )
}

function FileRow({ file, locale }: { file: Attachment; locale: Locale }) {
  const inside = <><Icon name="file" /><span class="cut grow" dir="auto">{file.name}</span><span class="num">{bytes(file.size, locale)}</span></>
  return file.url ? <a class="filerow" href={file.url} target="_blank" rel="noopener noreferrer">{inside}</a> : <span class="filerow">{inside}</span>
}

function Sign({ icon, text }: { icon: IconName; text: string }) {
  return <span class="seen"><Icon name={icon} size={13} />{text}</span>
}

/** A message that is an entry already. `sign` is shown under our newest one only. */
export function Message({ entry, sign, words, locale }: { entry: PublicEntry; sign: boolean; words: Words; locale: Locale }) {
  const mine = entry.author.kind === 'customer'
  const body = entry.redacted ? <div class="bub gone">{words.removed}</div> : (
    <>
      {entry.text && <Text text={entry.text} marked={!mine} />}
      <Files files={entry.attachments ?? []} locale={locale} />
    </>
  )
  if (mine) {
    const read = entry.delivery === 'read'
    return <div class="w mine">{body}{sign && <Sign icon={read ? 'checks' : 'check'} text={read ? words.read : words.sent} />}</div>
  }
  return (
    <div class="w">
      <Face name={entry.author.name ?? ''} size="s" />
      <div class="col">
        <span class="sr">{entry.author.name}</span>
        {body}
        {(entry.revision ?? 0) > 0 && !entry.redacted && <span class="seen">{words.edited}</span>}
      </div>
    </div>
  )
}

/** A message of ours on its way. */
export function OwnDraft({ draft, words, locale, onRetry, onDiscard }: {
  draft: Draft; words: Words; locale: Locale; onRetry: () => void; onDiscard: () => void
}) {
  return (
    <div class={`w mine ${draft.state}`}>
      {draft.text && <Text text={draft.text} />}
      <Files files={draft.attachments} locale={locale} />
      {draft.state === 'sending' && <Sign icon="clock" text={words.sending} />}
      {draft.state === 'waiting' && <Sign icon="clock" text={words.waiting} />}
      {draft.state === 'sent' && <Sign icon="check" text={words.sent} />}
      {draft.state === 'refused' && (
        <>
          <span class="seen wrong" role="alert"><Icon name="alert" size={13} />{words.failed}{draft.detail && <span dir="auto"> · {draft.detail}</span>}</span>
          <span class="again">
            <button type="button" class="btn" onClick={onRetry}>{words.retry}</button>
            <button type="button" class="btn quiet" onClick={onDiscard}>{words.discard}</button>
          </span>
        </>
      )}
    </div>
  )
}

const steps = ['placed', 'paid', 'shipped', 'delivered'] as const

/** Where an order is, as an account: words left, the amount right, four steps below. */
export function OrderCard({ details, words, locale }: { details: Record<string, unknown>; words: Words; locale: Locale }) {
  const status = String(details['status'] ?? '')
  const at = steps.indexOf(status as (typeof steps)[number])
  const lines = Array.isArray(details['lines']) ? (details['lines'] as { name?: string; quantity?: number }[]) : []
  const first = lines[0]
  const names = { placed: words.step_placed, paid: words.step_paid, shipped: words.step_shipped, delivered: words.step_delivered }
  const ends: Record<string, string> = { returned: words.status_returned, refunded: words.status_refunded, cancelled: words.status_cancelled }
  return (
    <div class="ordc">
      <div class="row">
        <b class="id">{words.order(String(details['number'] ?? ''))}</b>
        {first?.name && <span class="muted cut" dir="auto">{(first.quantity ?? 1) > 1 && `${first.quantity} × `}{first.name}</span>}
        {typeof details['total_minor'] === 'number' && <b class="end num">{money(details['total_minor'], String(details['currency'] ?? 'CNY'), locale)}</b>}
      </div>
      {at >= 0 ? (
        <>
          <div class="trk" role="img" aria-label={names[steps[at]!]}>
            {steps.map((step, index) => <i key={step} class={index < at || status === 'delivered' ? 'on' : index === at ? 'now' : ''} />)}
          </div>
          <div class="steps" aria-hidden="true">
            {steps.map((step, index) => (index === at ? <b key={step}>{names[step]}</b> : <span key={step}>{names[step]}</span>))}
          </div>
        </>
      ) : <div class="steps one"><b>{ends[status] ?? status}</b></div>}
    </div>
  )
}

/** What the visitor told us in a form. */
export function FormCard({ details, words }: { details: Record<string, unknown>; words: Words }) {
  const fields = Array.isArray(details['fields']) ? (details['fields'] as { label?: string; value?: string }[]) : []
  return (
    <div class="ordc formc">
      <span class="muted">{words.form_filled}</span>
      {fields.map((field, index) => <div class="row" key={index}><span class="muted">{field.label}</span><span class="end cut" dir="auto">{field.value}</span></div>)}
    </div>
  )
}
