/** A kernel's memory with blocks in it, one after the other. */
import { firstFreeByte } from '../../src/kernel/kernel'
import { type KernelMemory, kernelMemory } from '../../src/kernel/memory'
import type { Dtype, Floats } from '../../src/tensor/tensor'

const alignment = 64

export interface Blocks extends KernelMemory {
  /** room for that many bytes, at a multiple of 64 */
  allocate(bytes: number): number
  /** the numbers at a pointer */
  floats(pointer: number, count: number, dtype: Dtype): Floats
  /** takes back everything that was allocated */
  reset(): void
}

export function blocks(): Blocks {
  const own = kernelMemory()
  const { memory } = own
  let end = firstFreeByte
  return {
    ...own,
    allocate(bytes) {
      const pointer = end
      own.reserve(pointer + bytes)
      end = Math.ceil((pointer + bytes) / alignment) * alignment
      return pointer
    },
    floats: (pointer, count, dtype) =>
      dtype === 'float32'
        ? new Float32Array(memory.buffer, pointer, count)
        : new Float64Array(memory.buffer, pointer, count),
    reset() {
      end = firstFreeByte
    },
  }
}
