// The talk itself: entries oldest first, time lines between them, what happened, and our own words on their way.
import { Fragment } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { PublicEntry } from '@parley/protocol'
import { isTheirs, type Line } from '../session.ts'
import { dayAndClock, isPause } from '../when.ts'
import { queueWords } from '../words.ts'
import { FormCard, Message, OrderCard, OwnDraft } from './message.tsx'
import type { Shared } from './parts.tsx'

const near_px = 48 // this near to the end counts as being there

/** Our newest message that an agent has read, or else our newest one: where the sign stands. */
function signed(entries: PublicEntry[], agent_read_seq: number): { seq: number; read: boolean } | undefined {
  const mine = entries.filter((entry) => entry.author.kind === 'customer' && entry.kind === 'message')
  const last = mine.at(-1)
  return last && { seq: last.seq, read: last.seq <= agent_read_seq || last.delivery === 'read' }
}

export function Talk({ session, words, locale, visible }: Shared & { visible: boolean }) {
  const box = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(true)
  const held = useRef({ height: 0, oldest: 0, own: 0 })
  const entries = session.timeline.entries()
  const drafts = session.timeline.drafts()
  const sign = signed(entries, session.conversation?.agent_read_seq ?? 0)
  const own = drafts.length + entries.filter((entry) => entry.author.kind === 'customer').length

  const toEnd = () => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }
  const look = () => {
    if (!box.current) return
    setAtEnd(box.current.scrollHeight - box.current.scrollTop - box.current.clientHeight < near_px)
  }

  // Stay at the end while there, follow our own words, and keep the place when older entries come in above.
  useLayoutEffect(() => {
    const talk = box.current
    if (!talk) return
    const oldest = entries[0]?.seq ?? 0
    if (held.current.oldest > oldest && oldest > 0) talk.scrollTop += talk.scrollHeight - held.current.height
    else if (atEnd || own > held.current.own) toEnd()
    held.current = { height: talk.scrollHeight, oldest, own }
  })
  useEffect(() => {
    if (visible) toEnd()
  }, [visible])
  useEffect(() => {
    if (visible && atEnd) session.look()
  })

  const newBelow = !atEnd && entries.some((entry) => isTheirs(entry) && entry.seq > session.read_seq)
  const waiting = queueWords(words, session.queue?.place, session.queue?.wait_ms)
  let before: number | undefined
  const linesAfter = (seq: number, until: number) => session.lines.filter((line) => line.after_seq >= seq && line.after_seq < until)
  return (
    <div class="talkbox">
      {/* A list that scrolls must be reachable by keyboard. */}
      <div class="talk" role="log" aria-label={words.log} tabIndex={0} ref={box} onScroll={look}>
        {session.timeline.more && (
          <button type="button" class="btn earlier" disabled={session.loading_more} onClick={() => session.earlier()}>{words.earlier}</button>
        )}
        {linesAfter(0, entries[0]?.seq ?? 0).map((line) => <Happening key={line.key} line={line} shared={{ words }} />)}
        {entries.map((entry, index) => {
          const pause = isPause(before, entry.happened)
          before = entry.happened
          const until = entries[index + 1]?.seq ?? Infinity
          return (
            <Fragment key={entry.id}>
              {pause && <div class="line"><span>{dayAndClock(entry.happened, Date.now(), locale, words)}</span></div>}
              <Row entry={sign?.read && entry.seq === sign.seq ? { ...entry, delivery: 'read' } : entry} sign={drafts.length === 0 && entry.seq === sign?.seq} words={words} locale={locale} />
              {linesAfter(entry.seq, until).map((line) => <Happening key={line.key} line={line} shared={{ words }} />)}
            </Fragment>
          )
        })}
        {drafts.map((draft) => (
          <OwnDraft
            key={draft.cid} draft={draft} words={words} locale={locale}
            onRetry={() => session.retry(draft.cid)} onDiscard={() => session.discard(draft.cid)}
          />
        ))}
        {session.ended && drafts.length === 0 && <p class="happening">{words.ended}</p>}
        {waiting && <p class="place">{waiting}</p>}
        {session.typing !== undefined && (
          <div class="w"><div class="bub typing"><span class="sr">{words.typing(session.typing || words.somebody)}</span><span class="dots" aria-hidden="true"><i /><i /><i /></span></div></div>
        )}
      </div>
      {newBelow && <button type="button" class="btn newer" onClick={toEnd}>{words.new_messages}</button>}
    </div>
  )
}

function Happening({ line, shared }: { line: Line; shared: Pick<Shared, 'words'> }) {
  const { words } = shared
  return <p class="happening">{line.what === 'joined' ? words.joined(line.name) : words.left(line.name)}</p>
}

function Row({ entry, sign, words, locale }: { entry: PublicEntry; sign: boolean } & Pick<Shared, 'words' | 'locale'>) {
  switch (entry.kind) {
    case 'message':
      return <Message entry={entry} sign={sign} words={words} locale={locale} />
    case 'order':
      return <OrderCard details={entry.details ?? {}} words={words} locale={locale} />
    case 'form':
      return <FormCard details={entry.details ?? {}} words={words} />
    case 'system':
      return entry.text ? <p class="happening" dir="auto">{entry.text}</p> : null
    default:
      return null
  }
}
