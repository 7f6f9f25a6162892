// Where the searched words stand in a text: whole words for Latin, any place for Chinese.

export function marksOf(text: string, query: string): [number, number][] {
  const words = query.trim().toLowerCase().split(/\s+/u).map((word) => word.replace(/^["-]+|"+$/gu, '')).filter(Boolean)
  const low = text.toLowerCase()
  const found: [number, number][] = []
  for (const word of words) {
    for (let at = low.indexOf(word); at >= 0 && found.length < 50; at = low.indexOf(word, at + 1)) found.push([at, at + word.length])
  }
  found.sort((a, b) => a[0] - b[0])
  // Overlapping finds become one mark.
  const out: [number, number][] = []
  for (const each of found) {
    const last = out.at(-1)
    if (last && each[0] <= last[1]) last[1] = Math.max(last[1], each[1])
    else out.push([...each])
  }
  return out
}
