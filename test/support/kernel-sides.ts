/**
 * A kernel call made on two sides, each with a memory of its own: by the WebAssembly kernel, and by the plain one in
 * float64, which says what is right.
 */
import type { Kernel } from '../../src/kernel/kernel'
import { plainKernel } from '../../src/kernel/plain/plain'
import { type KernelBuild, kernelOf } from '../../src/kernel/wasm'
import type { Dtype, Floats } from '../../src/tensor/tensor'
import { blocks } from './blocks'

export interface Side {
  readonly kernel: Kernel
  /** Puts numbers into the memory. @returns their pointer */
  floats(values: ArrayLike<number>): number
  bytes(values: ArrayLike<number>): number
  integers(values: ArrayLike<number>): number
  doubles(values: ArrayLike<number>): number
  read(pointer: number, count: number): Floats
  readIntegers(pointer: number, count: number): Int32Array
  readDoubles(pointer: number, count: number): Float64Array
  /** how many bytes on a number is */
  readonly width: number
}

const memory = blocks()
const oracleMemory = blocks()

function sideOf({ memory, allocate, floats }: ReturnType<typeof blocks>, kernel: Kernel): Side {
  const { dtype } = kernel
  const width = dtype === 'float32' ? 4 : 8
  return {
    kernel,
    width,
    floats(values) {
      const pointer = allocate(width * values.length)
      floats(pointer, values.length, dtype).set(values)
      return pointer
    },
    bytes(values) {
      const pointer = allocate(values.length)
      new Uint8Array(memory.buffer).set(values, pointer)
      return pointer
    },
    integers(values) {
      const pointer = allocate(4 * values.length)
      new Int32Array(memory.buffer).set(values, pointer / 4)
      return pointer
    },
    doubles(values) {
      const pointer = allocate(8 * values.length)
      new Float64Array(memory.buffer, pointer, values.length).set(values)
      return pointer
    },
    read: (pointer, count) => floats(pointer, count, dtype).slice(),
    readIntegers: (pointer, count) => new Int32Array(memory.buffer, pointer, count).slice(),
    readDoubles: (pointer, count) => new Float64Array(memory.buffer, pointer, count).slice(),
  }
}

/** @returns what the call gives by the WebAssembly kernel, and by the plain one in float64 */
export function onBothSides<T>(
  dtype: Dtype,
  build: KernelBuild,
  call: (side: Side) => T,
): [got: T, right: T] {
  memory.reset()
  oracleMemory.reset()
  const tested = sideOf(memory, kernelOf(memory.memory, dtype, build))
  return [call(tested), call(sideOf(oracleMemory, plainKernel(oracleMemory.memory, 'float64')))]
}

/** every dtype by every build */
export const kernelKinds = (['float32', 'float64'] as const).flatMap((dtype) =>
  (['relaxed', 'plain'] as const).map((build) => [dtype, build] as const),
)

/** Numbers from -1 to 1 that float32 holds; the same for the same seed. */
export function drawn(count: number, seed: number): Float32Array {
  let state = seed | 0
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 8) / 2 ** 23 - 1
  })
}

/** norm of the difference over the norm of what is right */
export function relativeError(got: ArrayLike<number>, right: ArrayLike<number>): number {
  let difference = 0
  let norm = 0
  for (let index = 0; index < right.length; index++) {
    difference += (got[index] - right[index]) ** 2
    norm += right[index] ** 2
  }
  return difference === 0 ? 0 : Math.sqrt(difference / norm)
}
