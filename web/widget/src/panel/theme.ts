// Light, dark or high contrast on <html>, and the shop's own header colour with letters that can be read on it.

const darkQuery = matchMedia('(prefers-color-scheme: dark)')
const contrastQuery = matchMedia('(prefers-contrast: more)')

/** `wish` is what the host page asked for: "light", "dark" or nothing. Follows the system until called again. */
export function setTheme(wish: string): void {
  const paint = () => {
    const dark = wish === 'dark' || (wish !== 'light' && darkQuery.matches)
    document.documentElement.dataset['theme'] = contrastQuery.matches && !dark ? 'contrast' : dark ? 'dark' : 'light'
  }
  darkQuery.onchange = paint
  contrastQuery.onchange = paint
  paint()
}

/** Relative luminance (WCAG 2.2) of three bytes. */
export function luminance([red, green, blue]: ArrayLike<number> & Iterable<number>): number {
  const linear = (byte: number) => {
    const part = byte / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(red!) + 0.7152 * linear(green!) + 0.0722 * linear(blue!)
}

/** Sets the header's colour; black or white letters, whichever stands out more (always at least 4.5:1). */
export function setColour(colour: string): void {
  if (!colour || !CSS.supports('color', colour)) return
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (!pen) return
  pen.fillStyle = colour
  pen.fillRect(0, 0, 1, 1)
  const light = luminance(pen.getImageData(0, 0, 1, 1).data)
  const root = document.documentElement
  root.style.setProperty('--head', colour)
  root.dataset['head'] = (light + 0.05) / 0.05 > 1.05 / (light + 0.05) ? 'dark-on-light' : 'light-on-dark'
}
