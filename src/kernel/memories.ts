/**
 * Memories that are used again. The garbage collector does not see how large a shared WebAssembly memory is, so that
 * memories which are dropped pile up: they are given back here instead.
 */
import { firstFreeByte } from './kernel'
import { type KernelMemory, kernelMemory } from './memory'

/** Beyond so many, or so many bytes in all, the largest is left to the garbage collector after all. */
const mostWaiting = 16
const mostBytes = 2 ** 29

/** the smallest first */
const waiting: KernelMemory[] = []

/**
 * A memory that is zero where it is going to be used, but for the bytes of the kernel.
 *
 * @param bytes so many from its beginning are going to be used at most: to clear a large memory takes long
 */
export function takeMemory(bytes = Number.POSITIVE_INFINITY): KernelMemory {
  const memory = waiting.shift()
  if (!memory) return kernelMemory()
  new Uint8Array(memory.memory.buffer).fill(0, firstFreeByte, bytes)
  return memory
}

/** Nobody reads or writes in it any more. */
export function giveMemory(memory: KernelMemory): void {
  waiting.push(memory)
  waiting.sort((a, b) => a.bytes - b.bytes)
  while (waiting.length > mostWaiting || bytesWaiting() > mostBytes) waiting.pop()
}

const bytesWaiting = (): number => waiting.reduce((sum, { bytes }) => sum + bytes, 0)
