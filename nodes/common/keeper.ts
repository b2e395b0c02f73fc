/**
 * Keeps a node's numbers where a redeploy does not wipe them: in flow context, in the store the dialog names, as one
 * JSON-safe value (base64 of a safetensors file), written at most once a second and on close.
 */
import type { Node } from 'node-red'
import { decodeSafetensors, encodeSafetensors, type SafetensorsFile } from '../../src'

const interval = 1000

export interface Keeper {
  /** what was kept; undefined if nothing was, or it cannot be read any more */
  read(): SafetensorsFile | undefined
  /** keeps what `make` returns when the time has come */
  write(make: () => SafetensorsFile): void
  /** @param removed the node is gone for good: forget; otherwise write what is still waiting */
  close(removed: boolean): void
}

export function keeper(node: Node, store: string | undefined): Keeper {
  const { flow } = node.context()
  const key = `${node.type}:${node.id}`
  const set = (value: string | undefined) => (store ? flow.set(key, value, store) : flow.set(key, value))
  let waiting: (() => SafetensorsFile) | undefined
  let timer: NodeJS.Timeout | undefined

  const writeNow = () => {
    clearTimeout(timer)
    timer = undefined
    if (!waiting) return
    const { tensors, metadata } = waiting()
    waiting = undefined
    try {
      set(encodeSafetensors(tensors, metadata).toString('base64'))
    } catch (error) {
      node.warn(`${node.type}: could not be kept: ${(error as Error).message}`)
    }
  }

  return {
    read() {
      try {
        const kept = store ? flow.get(key, store) : flow.get(key)
        return typeof kept === 'string' ? decodeSafetensors(Buffer.from(kept, 'base64')) : undefined
      } catch (error) {
        node.warn(`${node.type}: what was kept cannot be read: ${(error as Error).message}`)
        return undefined
      }
    },
    write(make) {
      waiting = make
      timer ??= setTimeout(writeNow, interval)
    },
    close(removed) {
      if (!removed) return writeNow()
      clearTimeout(timer)
      set(undefined)
    },
  }
}
