// Splits plain text at its web addresses. Only http and https become links.

export interface Piece { text: string; href?: string }

const address = /https?:\/\/[^\s<>"'，。；！？）】」]+/giu

export function pieces(text: string): Piece[] {
  const out: Piece[] = []
  let from = 0
  for (const found of text.matchAll(address)) {
    // The full stop at the end of a sentence is not part of the address.
    const href = found[0].replace(/[.,;:!?)\]]+$/u, '')
    if (found.index > from) out.push({ text: text.slice(from, found.index) })
    out.push({ text: href, href })
    from = found.index + href.length
  }
  if (from < text.length) out.push({ text: text.slice(from) })
  return out
}
