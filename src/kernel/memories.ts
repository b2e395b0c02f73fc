/**
 * Memories that are used again. The garbage collector does not see how large a shared WebAssembly memory is, so that
 * memories which are dropped pile up: they are given back here instead.
 */
import { firstFreeByte } from './kernel'
import { type KernelMemory, kernelMemory } from './memory'

const mostWaiting = 16
/** A larger one is left to the garbage collector, which does see its pages once it comes by. */
const mostBytes = 2 ** 28
const waiting: KernelMemory[] = []

/** A memory whose bytes are all zero, but for those of the kernel. */
export function takeMemory(): KernelMemory {
  const memory = waiting.pop()
  if (!memory) return kernelMemory()
  new Uint8Array(memory.memory.buffer).fill(0, firstFreeByte)
  return memory
}

/** Nobody reads or writes in it any more. */
export function giveMemory(memory: KernelMemory): void {
  if (waiting.length < mostWaiting && memory.bytes <= mostBytes) waiting.push(memory)
}
