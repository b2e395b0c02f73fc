/** One sequence out of an unrolled batch, as a batch of copies of it. */
import { type Floats, type Tensor, tensor } from '../tensor/tensor'
import type { Strand, Unrolled } from './unrolled'

/** @param sequence which, counted from 0 */
export function sequenceOf(unrolled: Unrolled, sequence: number, copies: number): Unrolled {
  const { batch, fed, present, readoutMask } = unrolled
  /** the rows of the sequence; the batch is the axis before the last */
  const rows = (from: Tensor): Tensor => {
    const { shape } = from
    const copied = tensor(from.dtype, [...shape.slice(0, -2), copies, shape[shape.length - 1]])
    pick(from.data, copied.data, shape[shape.length - 1])
    return copied
  }
  const flags = (from: Uint8Array): Uint8Array => {
    const copied = new Uint8Array((from.length / batch) * copies)
    pick(from, copied, 1)
    return copied
  }
  const pick = (from: Floats | Uint8Array, to: Floats | Uint8Array, size: number) => {
    for (let index = 0; index * size < to.length; index++) {
      const start = (Math.floor(index / copies) * batch + sequence) * size
      to.set(from.subarray(start, start + size), index * size)
    }
  }
  const strand = ({ layer, reverse, hidden, cellState, gates }: Strand): Strand => ({
    layer,
    reverse,
    hidden: rows(hidden),
    ...(cellState && { cellState: rows(cellState) }),
    ...(gates && { gates: rows(gates) }),
  })
  const strands = unrolled.strands.map(strand)
  return {
    ...unrolled,
    batch: copies,
    batched: true,
    inputs: rows(unrolled.inputs),
    ...(fed && { fed: { inputs: rows(fed.inputs), throughOutput: flags(fed.throughOutput) } }),
    ...(present && { present: flags(present) }),
    ...(readoutMask && { readoutMask: flags(readoutMask) }),
    strands,
    hidden: strands[unrolled.strands.findIndex(({ hidden }) => hidden === unrolled.hidden)].hidden,
    logits: rows(unrolled.logits),
    outputs: rows(unrolled.outputs),
  }
}
