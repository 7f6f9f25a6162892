// Sound and desktop notices come from one tab only: the one that holds the lock.
import { usePreferences } from '@/stores/preferences'

let leader = false

if (typeof navigator !== 'undefined' && 'locks' in navigator) {
  // Held for the life of the tab; the next tab gets it when this one goes.
  void navigator.locks.request('parley-leader', () => {
    leader = true
    return new Promise<void>(() => undefined)
  })
} else {
  // Plain http on a name other than localhost has no locks: every tab speaks for itself.
  leader = true
}

function ring() {
  const air = new AudioContext()
  const gain = air.createGain()
  gain.connect(air.destination)
  gain.gain.setValueAtTime(0.0001, air.currentTime)
  gain.gain.exponentialRampToValueAtTime(0.12, air.currentTime + 0.02)
  gain.gain.exponentialRampToValueAtTime(0.0001, air.currentTime + 0.5)
  for (const [pitch, at] of [[587, 0], [880, 0.14]] as const) {
    const tone = air.createOscillator()
    tone.frequency.value = pitch
    tone.connect(gain)
    tone.start(air.currentTime + at)
    tone.stop(air.currentTime + 0.5)
  }
  setTimeout(() => void air.close(), 800)
}

/** Draws the agent's attention, if this tab leads and the agent wants it. */
export function attract(title: string, body: string) {
  if (!leader) return
  const { kept } = usePreferences()
  try {
    if (kept.sound) ring()
  } catch {
    // No gesture yet, or no sound device: the card on screen has to do.
  }
  if (kept.notify && document.visibilityState === 'hidden' && 'Notification' in window && Notification.permission === 'granted') {
    new Notification(title, { body, tag: 'parley-offer' }).onclick = () => window.focus()
  }
}
