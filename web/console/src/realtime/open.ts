// Which conversation is on screen, known to what runs outside components.
import { ref } from 'vue'

export const openConversation = ref<string | null>(null)

/** It was marked as unread while it is on screen: looking at it on does not read it. */
export const keptUnread = ref<string | null>(null)
