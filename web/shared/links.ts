// Web addresses in plain words. Only http and https, so that nothing written by somebody else can run.

export interface Part {
  text: string
  href?: string
}

const address = /https?:\/\/[^\s<>"'\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]+/giu
const closing = /[.,;:!?)\]}]+$/

/** The text in parts; those that are addresses carry what they lead to. */
export function linked(text: string): Part[] {
  const parts: Part[] = []
  let done = 0
  for (const found of text.matchAll(address)) {
    // A full stop or bracket after an address belongs to the sentence, unless the bracket was opened inside.
    let shown = found[0]
    const tail = closing.exec(shown)?.[0] ?? ''
    if (tail && !(tail === ')' && shown.includes('('))) shown = shown.slice(0, -tail.length)
    if (!URL.canParse(shown)) continue
    if (found.index > done) parts.push({ text: text.slice(done, found.index) })
    parts.push({ text: shown, href: new URL(shown).href })
    done = found.index + shown.length
  }
  if (done < text.length) parts.push({ text: text.slice(done) })
  return parts
}
