// Which conversation is on screen, known to what runs outside components.
import { ref } from 'vue'

export const openConversation = ref<string | null>(null)
