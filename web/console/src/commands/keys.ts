// From a key event to the name of a key press ("mod+shift+k", "?", "g i"), whatever the keyboard's layout.

const named: Record<string, string> = {
  ' ': 'space', ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right', Escape: 'esc', Enter: 'enter',
}

/** True while an input method is composing: such keys belong to it and to nobody else. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229
}

export function isEditable(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/u.test(target.tagName)
}

/** The pressed key's name, or an empty string for a bare modifier. */
export function pressName(event: KeyboardEvent): string {
  let key = event.key
  if (/^(Control|Shift|Alt|Meta|AltGraph|CapsLock|Dead|Process|Unidentified)$/u.test(key)) return ''
  const latin = /^[\x20-\x7e]$/u.test(key)
  // A Cyrillic or Greek letter, or what Alt makes of one: fall back to the key's place on the board.
  // So does a digit under Ctrl and Shift, which names whatever stands above it.
  const chord = event.shiftKey && (event.ctrlKey || event.metaKey)
  if ((key.length === 1 && !latin) || event.altKey || (chord && event.code.startsWith('Digit'))) {
    const place = /^(?:Key|Digit)([A-Z0-9])$/u.exec(event.code)
    if (place?.[1]) key = place[1]
  }
  const letter = /^[a-z]$/iu.test(key)
  const parts: string[] = []
  if (event.ctrlKey || event.metaKey) parts.push('mod')
  if (event.altKey) parts.push('alt')
  // "?" already contains its Shift; a letter or a named key does not.
  if (event.shiftKey && (letter || key.length > 1 || (chord && /^\d$/u.test(key)))) parts.push('shift')
  parts.push(named[key] ?? key.toLowerCase())
  return parts.join('+')
}

/** A single key that would be typed into a text. */
export function isSingle(keys: string): boolean {
  return !/(?:^|\s)(?:mod|alt)\+/u.test(keys)
}

const mac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/u.test(navigator.platform)

/** The keys as they are printed on a keyboard: ["Ctrl", "K"]. */
export function printed(keys: string): string[] {
  const words: Record<string, string> = {
    mod: mac ? '⌘' : 'Ctrl', alt: mac ? '⌥' : 'Alt', shift: mac ? '⇧' : 'Shift', enter: '↵', esc: 'Esc', up: '↑', down: '↓', space: 'Space',
  }
  return keys.split(' ').map((press) => press.split('+').map((part) => words[part] ?? part.toUpperCase()).join(' '))
}
