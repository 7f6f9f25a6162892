// The text in the field and the draft behind it: they follow the conversation and the mode.
import { computed, ref, watch } from 'vue'
import type { Conversation, Mode } from '@/api/shapes'
import { useDrafts } from '@/stores/drafts'
import type { Attachments } from './attachments'

export function useDraft(conversation: () => Conversation, files: Attachments) {
  const drafts = useDrafts()
  const text = ref('')
  const mode = ref<Mode>('reply')
  const kept = computed(() => drafts.of(conversation().id, mode.value))
  // The watchers run at once, so that what is only swapped in is told from what somebody types.
  let taking = false

  function take() {
    taking = true
    text.value = kept.value?.text ?? ''
    files.show(`${conversation().id}/${mode.value}`, kept.value?.attachments ?? [])
    taking = false
    // What went up while another draft was shown belongs to this one from now on.
    keep()
  }

  function keep() {
    if (!taking) drafts.write(conversation().id, mode.value, text.value, files.ready(), conversation().seq)
  }

  watch(() => conversation().id, () => {
    mode.value = !drafts.of(conversation().id, 'reply') && drafts.of(conversation().id, 'note') ? 'note' : 'reply'
  }, { immediate: true, flush: 'sync' })
  watch([() => conversation().id, mode], take, { immediate: true, flush: 'sync' })
  watch([text, files.list], keep, { deep: true, flush: 'sync' })
  // Every key goes into the store at once, so a difference is somebody else's: another tab of this agent has
  // written, or has sent it off, or the server's copy has come.
  watch(kept, (now) => {
    if ((now?.text ?? '') !== text.value) take()
  })

  function clear() {
    taking = true
    text.value = ''
    files.take([])
    drafts.remove(conversation().id, mode.value)
    taking = false
  }

  return { text, mode, kept, clear }
}
