/** Targets in any form a person writes them, brought into the layout of the outputs. */
import { ExpectedError } from '../expected'
import { swapFirstAxes } from '../tensor/axes'
import { fromNested, isTensor, nestedShape } from '../tensor/nested'
import { asDtype, sameShape, showShape, type Tensor } from '../tensor/tensor'
import { readsOnce } from '../unroll/topology'
import type { Unrolled } from '../unroll/unroll'

/**
 * Targets as [L, B, O] (values) or [L, B, 1] (class indices).
 *
 * Accepted for values: [B, O] when the network reads out once, [B, L, O] otherwise; without the [B] for a
 * single sequence. For classes the last axis is missing. A last axis of one may be there or not.
 *
 * @throws ExpectedError with the shape that would fit
 */
export function readTargets(given: unknown, unrolled: Unrolled, kind: 'value' | 'class'): Tensor {
  const { batched, batch, readouts, topology, cell } = unrolled
  const size = kind === 'class' ? 1 : cell.sizes.outputSize
  const axes = [...(batched ? ['sequence'] : []), ...(readsOnce(topology) ? [] : ['step'])]
  const leading = [...(batched ? [batch] : []), ...(readsOnce(topology) ? [] : [readouts.length])]
  const full = [...leading, size]

  const shape = isTensor(given) ? given.shape : nestedShape(given)
  const fits = sameShape(shape, full) || (size === 1 && sameShape(shape, leading))
  if (!fits)
    throw new ExpectedError(
      `a target of shape ${showShape(kind === 'class' ? leading : full)} for ${topology} (${batch} sequences, ${cell.sizes.outputSize} outputs)`,
      given === undefined ? 'none' : `shape ${showShape(shape)}`,
    )
  const read = isTensor(given)
    ? asDtype(given, 'float64')
    : fromNested(given, 'float64', shape.length === full.length ? [...axes, 'output'] : axes)
  return swapFirstAxes({ ...read, shape: [batch, readouts.length, size] })
}
