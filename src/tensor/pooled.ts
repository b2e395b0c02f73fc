/**
 * Arrays of zeros for what is made anew at every step of a training. A small one is a piece of a larger block, as
 * Node's own Buffers are: memory of its own would cost several times as much as filling it.
 */
import { type Dtype, type Floats, floats } from './tensor'

const blockBytes = 32_768
/** A larger array has memory of its own. */
const mostBytes = 4096
/** Pieces begin at multiples of this. */
const alignment = 16

let block = new ArrayBuffer(0)
let used = 0

export function pooledFloats(dtype: Dtype, count: number): Floats {
  const bytes = count * (dtype === 'float32' ? 4 : 8)
  if (bytes > mostBytes) return floats(dtype, count)
  if (used + bytes > block.byteLength) {
    block = new ArrayBuffer(blockBytes)
    used = 0
  }
  const start = used
  used += Math.ceil(bytes / alignment) * alignment
  return dtype === 'float32' ? new Float32Array(block, start, count) : new Float64Array(block, start, count)
}

/** As many zeros as there are numbers, in their precision. */
export const pooledLike = (values: Floats): Floats =>
  pooledFloats(values instanceof Float32Array ? 'float32' : 'float64', values.length)
