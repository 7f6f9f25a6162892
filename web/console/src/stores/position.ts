// Positions and ids are decimal numbers in strings, too long for a JavaScript number.

/** Negative when a is before b. */
export function compareNumbers(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}

export function isBefore(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && compareNumbers(a, b) < 0
}
