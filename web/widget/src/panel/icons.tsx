// The few glyphs the panel needs, drawn on a 24 grid with one pen.
const paths = {
  down: <path d="m6 9.500 6 6 6-6" />,
  left: <path d="m14.500 6-6 6 6 6" />,
  x: <path d="m6 6 12 12M18 6 6 18" />,
  arrow: <path d="M5 12h14M13 6l6 6-6 6" />,
  clip: <path d="m20 11-8.500 8.500a5 5 0 0 1-7-7L13 4a3.300 3.300 0 0 1 4.700 4.700l-8.400 8.400a1.600 1.600 0 0 1-2.300-2.300L14.500 7" />,
  send: <path d="M4 12 20 4.500 15.500 20l-4-6.500zM11.500 13.500l8-8.500" />,
  clock: <><circle cx="12" cy="12" r="8.500" /><path d="M12 7v5l3.500 2" /></>,
  check: <path d="m5 12.500 4.500 4.500L19 7.500" />,
  checks: <path d="m2.500 12.500 4.500 4.500 9-9.500M12.500 16l1 1 8.500-9.500" />,
  alert: <><path d="M12 4 2.800 20h18.400z" /><path d="M12 10v4.500M12 17.300v.2" /></>,
  file: <path d="M6 3.500h8l4.500 4.500v12.500H6zM14 3.500V8h4.500" />,
  box: <><path d="m12 3 8.500 4.500v9L12 21l-8.500-4.500v-9z" /><path d="m3.500 7.500 8.500 4.500 8.500-4.500M12 12v9" /></>,
  wave: <path d="M3 12h4l2.500-7 5 14 2.500-7h4" />,
}

export type IconName = keyof typeof paths

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return <svg class={`ic i-${name} s${size}`} viewBox="0 0 24 24" aria-hidden="true">{paths[name]}</svg>
}

/** Parley's mark. */
export function Mark() {
  return (
    <svg class="ic mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M16 3v26" />
      <path fill="currentColor" d="M16 4.600h3.400a5.700 5.700 0 0 1 0 11.400H16z" />
      <path d="M16 16h-3.400a5.700 5.700 0 0 0 0 11.400H16" />
    </svg>
  )
}
