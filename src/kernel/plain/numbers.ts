/** The numbers of a memory, as the plain kernel reads and writes them: by place, a pointer over the bytes of a number. */
import type { Dtype, Floats } from '../../tensor/tensor'

export interface Numbers {
  readonly dtype: Dtype
  /** all of them; taken anew at each call, since the memory may have grown */
  all(): Floats
  doubles(): Float64Array
  integers(): Int32Array
  bytes(): Uint8Array
  /** the place of a pointer */
  place(pointer: number): number
}

export function numbersIn(memory: WebAssembly.Memory, dtype: Dtype): Numbers {
  const width = dtype === 'float32' ? 4 : 8
  return {
    dtype,
    all: () =>
      dtype === 'float32'
        ? new Float32Array(memory.buffer)
        : new Float64Array(memory.buffer, 0, Math.floor(memory.buffer.byteLength / 8)),
    doubles: () => new Float64Array(memory.buffer, 0, Math.floor(memory.buffer.byteLength / 8)),
    integers: () => new Int32Array(memory.buffer),
    bytes: () => new Uint8Array(memory.buffer),
    place: (pointer) => pointer / width,
  }
}
