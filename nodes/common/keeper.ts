/**
 * Keeps a node's numbers where neither a redeploy nor, in a store of files, a restart wipes them: in flow context, in the
 * store the dialog names, as one JSON-safe value (base64 of a safetensors file), written twice a second at most and on
 * close. A large one is written less often, so that keeping takes a twentieth of the time at most.
 */
import type { Node } from 'node-red'
import { decodeSafetensors, encodeSafetensors, type SafetensorsFile } from '../../src'

const interval = 500
const share = 20

export interface Keeper {
  /**
   * What was kept, as `parse` reads it; undefined if nothing was, or, with a warning, if it cannot be read any more: what
   * is damaged is no reason not to start.
   */
  read<Kept>(parse: (file: SafetensorsFile) => Kept): Kept | undefined
  /** keeps what `make` returns when the time has come */
  write(make: () => SafetensorsFile): void
  /**
   * @param removed the node is gone for good: forget; otherwise write what is still waiting
   * @param last what is kept at the end, if it is more than what was kept on the way
   */
  close(removed: boolean, last?: () => SafetensorsFile): void
}

/** @param name of one of several things that a node keeps */
export function keeper(node: Node, store: string | undefined, name?: string): Keeper {
  const { flow } = node.context()
  const key = name ? `${node.type}:${node.id}:${name}` : `${node.type}:${node.id}`
  const set = (value: string | undefined) => (store ? flow.set(key, value, store) : flow.set(key, value))
  let waiting: (() => SafetensorsFile) | undefined
  let timer: NodeJS.Timeout | undefined
  let rest = interval

  const writeNow = () => {
    clearTimeout(timer)
    timer = undefined
    if (!waiting) return
    const begun = performance.now()
    const { tensors, metadata } = waiting()
    waiting = undefined
    try {
      set(encodeSafetensors(tensors, metadata).toString('base64'))
    } catch (error) {
      node.warn(`${node.type}: could not be kept: ${(error as Error).message}`)
    }
    rest = Math.max(interval, share * (performance.now() - begun))
  }

  return {
    read(parse) {
      try {
        const kept = store ? flow.get(key, store) : flow.get(key)
        return typeof kept === 'string' ? parse(decodeSafetensors(Buffer.from(kept, 'base64'))) : undefined
      } catch (error) {
        node.warn(`${node.type}: what was kept cannot be read: ${(error as Error).message}`)
        return undefined
      }
    },
    write(make) {
      waiting = make
      timer ??= setTimeout(writeNow, rest)
    },
    close(removed, last) {
      if (removed) {
        clearTimeout(timer)
        return set(undefined)
      }
      if (last) waiting = last
      return writeNow()
    },
  }
}
