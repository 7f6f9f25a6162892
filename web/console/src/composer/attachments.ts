// Files on their way to the server. The upload starts at once; sending waits for it.
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import type { Attachment } from '@/api/shapes'
import { upload } from '@/api/upload'
import { t } from '@/i18n'
import { explain } from '@/commands/explain'
import { useScreen } from '@/stores/screen'

export interface Tray {
  key: number
  name: string
  size: number
  media_type: string
  share: number
  state: 'uploading' | 'ready' | 'failed'
  why: string
  file?: File
  attachment?: Attachment
  cancel: () => void
}

export interface Attachments {
  list: ShallowRef<readonly Tray[]>
  busy: ComputedRef<boolean>
  failed: ComputedRef<boolean>
  add: (files: File[]) => void
  again: (key: number) => void
  remove: (key: number) => void
  ready: () => Attachment[]
  take: (attachments: Attachment[]) => void
  /** Shows what belongs to a draft. What is still going up in the one that was shown goes on, and waits there. */
  show: (place: string, attachments: Attachment[]) => void
}

const most = 10
const largest = 25_000_000

let keys = 0

export function useAttachments(): Attachments {
  const list = shallowRef<readonly Tray[]>([])
  const busy = computed(() => list.value.some((each) => each.state === 'uploading'))
  const failed = computed(() => list.value.some((each) => each.state === 'failed'))

  const parked = new Map<string, readonly Tray[]>()
  let shown = ''

  function change(key: number, part: Partial<Tray>) {
    const changed = (trays: readonly Tray[]) => trays.map((each) => (each.key === key ? { ...each, ...part } : each))
    if (list.value.some((each) => each.key === key)) list.value = changed(list.value)
    for (const [place, trays] of parked) if (trays.some((each) => each.key === key)) parked.set(place, changed(trays))
  }

  function send(key: number, file: File) {
    const going = upload(file, (share) => change(key, { share }))
    change(key, { state: 'uploading', share: 0, why: '', cancel: going.cancel })
    going.done.then(
      (attachment) => change(key, { state: 'ready', share: 1, attachment }),
      (thrown: unknown) => change(key, { state: 'failed', why: explain(thrown) }),
    )
  }

  function add(files: File[]) {
    const room = most - list.value.length
    if (files.length > room) useScreen().say(t('composer.too_many', { n: most }), { bad: true })
    for (const file of files.slice(0, Math.max(0, room))) {
      if (file.size > largest) {
        useScreen().say(t('composer.too_large', { name: file.name }), { bad: true })
        continue
      }
      keys += 1
      const key = keys
      list.value = [...list.value, { key, name: file.name, size: file.size, media_type: file.type, share: 0, state: 'uploading', why: '', file, cancel: () => undefined }]
      send(key, file)
    }
  }

  function again(key: number) {
    const file = list.value.find((each) => each.key === key)?.file
    if (file) send(key, file)
  }

  function remove(key: number) {
    list.value.find((each) => each.key === key)?.cancel()
    list.value = list.value.filter((each) => each.key !== key)
  }

  const ready = () => list.value.flatMap((each) => (each.attachment ? [each.attachment] : []))

  function trayOf(attachment: Attachment): Tray {
    keys += 1
    return { key: keys, name: attachment.name, size: attachment.size, media_type: attachment.media_type, share: 1, state: 'ready', why: '', attachment, cancel: () => undefined }
  }

  function take(attachments: Attachment[]) {
    for (const each of list.value) if (each.state === 'uploading') each.cancel()
    list.value = attachments.map(trayOf)
  }

  function show(place: string, attachments: Attachment[]) {
    const unfinished = list.value.filter((each) => each.state !== 'ready')
    if (unfinished.length) parked.set(shown, unfinished)
    shown = place
    const known = new Set(attachments.map((each) => each.id))
    const back = (parked.get(place) ?? []).filter((each) => !each.attachment || !known.has(each.attachment.id))
    parked.delete(place)
    list.value = [...attachments.map(trayOf), ...back]
  }

  return { list, busy, failed, add, again, remove, ready, take, show }
}
