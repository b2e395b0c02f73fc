/** What unroll remembers, kept over a deploy and, in a store of files, over a restart. */
import { keeper } from '../common/keeper'
import type { NodeContext } from '../common/node'
import { type Memory, memoryFromFile, memoryToFile } from './memory'

/** To write the states of a thousand topics takes some milliseconds, and what is lost by a crash comes again soon. */
const interval = 30_000

export interface KeptMemory {
  /** something else is remembered now */
  write(): void
  /** @param removed the node is gone for good */
  close(removed: boolean): Promise<void>
}

/** @param memory as it begins: what was kept is put in */
export function keptMemory(context: NodeContext, store: string | undefined, memory: Memory): KeptMemory {
  const kept = keeper(context, store, { interval })
  const toFile = () => memoryToFile(memory)
  const { RED, node } = context
  let isChanged = false
  const found = kept.read((file) => {
    const result = memoryFromFile(file, memory)
    return result === 'other' ? undefined : result
  })
  kept.sayAnew()
  if (found === 'fewer') {
    kept.putAside()
    node.warn(RED._('unroll.message.fewer', { most: memory.states.most, place: kept.aside }))
  }
  return {
    write() {
      isChanged = true
      kept.write(toFile)
    },
    close: (removed) => kept.close(removed, isChanged ? toFile : undefined),
  }
}
