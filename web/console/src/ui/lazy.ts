// Parts that come in chunks of their own. A chunk that does not come, say because the server has a newer
// version, is not left as an empty place.
import { defineAsyncComponent, type Component } from 'vue'
import ChunkLost from './ChunkLost.vue'

export function lazy(loader: () => Promise<{ default: Component }>) {
  return defineAsyncComponent({ loader, errorComponent: ChunkLost, timeout: 20_000 })
}
