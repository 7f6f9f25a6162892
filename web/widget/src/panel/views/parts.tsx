// Small pieces that several views share.
import type { ComponentChildren } from 'preact'
import type { Session } from '../session.ts'
import type { Locale, Words } from '../words.ts'
import { initials } from '../when.ts'
import { Mark } from '../icons.tsx'

/** What every view gets. */
export interface Shared {
  session: Session
  words: Words
  locale: Locale
}

/** A colleague of the shop: square, with a ground of their own. */
export function Face({ name, size, here }: { name: string; size: 's' | 'm'; here?: boolean }) {
  let sum = 0
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)!) % 9973
  return (
    <span class={`av ${size} p${1 + (sum % 8)}`} aria-hidden="true">
      {initials(name)}
      {here !== undefined && <span class={here ? 'pres' : 'pres off'} />}
    </span>
  )
}

export function Footer({ words, onPrivacy, onEnd }: { words: Words; onPrivacy: () => void; onEnd?: (() => void) | undefined }) {
  return (
    <footer class="pf">
      <button type="button" class="link" onClick={onPrivacy}>{words.privacy_link}</button>
      {onEnd && <button type="button" class="link" onClick={onEnd}>{words.end}</button>}
      <span class="by"><Mark />Parley</span>
    </footer>
  )
}

/** A page inside the panel with a way back. */
export function Sheet({ words, title, onBack, children }: { words: Words; title: string; onBack: () => void; children: ComponentChildren }) {
  return (
    <div class="sheet">
      <h2>{title}</h2>
      {children}
      <p class="backrow"><button type="button" class="btn" onClick={onBack}>{words.back}</button></p>
    </div>
  )
}
