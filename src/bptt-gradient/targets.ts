/** Targets and masks in any form a person writes them, brought into the layout of the outputs. */
import { ExpectedError } from '../expected'
import { swapFirstAxes } from '../tensor/axes'
import { fromNested, isTensor, nestedShape } from '../tensor/nested'
import { sameShape, showShape, type Tensor } from '../tensor/tensor'
import { readsOnce } from '../unroll/topology'
import type { Unrolled } from '../unroll/unroll'

export interface Targets {
  /** [L, B, O] values or probabilities, [L, B, 1] class indices */
  readonly targets: Tensor
  readonly kind: 'value' | 'class index' | 'probability'
}

/**
 * Targets as a loss reads them.
 *
 * Accepted for values: [B, O] when the network reads out once, [B, L, O] otherwise; without the [B] for a
 * single sequence. For classes the same, as probabilities, or without the last axis, as class indices. A last axis
 * of one may be there or not; of a single output classes are always indices.
 *
 * @throws ExpectedError with the shape that would fit
 */
export function readTargets(given: unknown, unrolled: Unrolled, kind: 'value' | 'class'): Targets {
  const { batch, readouts, topology, outputs } = unrolled
  const { axes, leading } = layoutOf(unrolled)
  const outputSize = outputs.shape[2]
  const full = [...leading, outputSize]

  const shape = isTensor(given) ? given.shape : nestedShape(given)
  const isFull = sameShape(shape, full)
  const isOne = sameShape(shape, leading) || sameShape(shape, [...leading, 1])
  if (!isFull && !(isOne && (kind === 'class' || outputSize === 1))) {
    const indices = `${showShape(leading)} (class indices)`
    const wanted =
      kind === 'value'
        ? showShape(full)
        : outputSize === 1
          ? indices
          : `${indices} or ${showShape(full)} (probabilities)`
    throw new ExpectedError(
      `a target of shape ${wanted} for ${topology} (${batch} sequences, ${outputSize} outputs)`,
      given === undefined ? 'none' : `shape ${showShape(shape)}${remedy(shape, unrolled, kind)}`,
    )
  }
  const read = isTensor(given)
    ? given
    : fromNested(given, 'float64', shape.length === full.length ? [...axes, 'output'] : axes)
  return {
    targets: swapFirstAxes({ ...read, shape: [batch, readouts.length, isOne ? 1 : outputSize] }),
    kind: kind === 'value' ? 'value' : isOne ? 'class index' : 'probability',
  }
}

/** What to change, where it can be told from the shape. */
function remedy(shape: readonly number[], unrolled: Unrolled, kind: 'value' | 'class'): string {
  const { topology, outputs } = unrolled
  const { leading } = layoutOf(unrolled)
  const [outputSize] = outputs.shape.slice(-1)
  if (kind === 'value' && sameShape(shape, leading) && outputSize > 1)
    return ': if these are classes, the loss is cross-entropy'
  const isOfSequence =
    shape.length < leading.length || (shape.length === leading.length && shape.at(-1) === outputSize)
  if (!readsOnce(topology) && shape.length > 0 && isOfSequence)
    return ': for one target a sequence the topology is many-to-one'
  if (readsOnce(topology) && shape.length > leading.length + 1 && shape[leading.length] > 1)
    return ': for one target a step the topology is many-to-many'
  return ''
}

/**
 * A mask that a user gives, as [L * B]: 1 where a readout counts.
 *
 * @param given 0 and 1, or false and true: [B] when the network reads out once, [B, L] otherwise; without the [B]
 *   for a single sequence. A last axis of one may be there. Undefined and null: no mask.
 * @throws ExpectedError with the shape that would fit, or the place of another number
 */
export function readMask(given: unknown, unrolled: Unrolled): Uint8Array | undefined {
  if (given === undefined || given === null) return undefined
  const { batched, batch, readouts, topology } = unrolled
  const { axes, leading } = layoutOf(unrolled)
  const shape = isTensor(given) ? given.shape : nestedShape(given)
  if (!sameShape(shape, leading) && !sameShape(shape, [...leading, 1]))
    throw new ExpectedError(
      `a mask of shape ${showShape(leading)} for ${topology} (${batch} sequences)`,
      `shape ${showShape(shape)}`,
    )
  const isLeading = shape.length === leading.length
  const { data, dtype } = isTensor(given)
    ? given
    : fromNested(given, 'float64', isLeading ? axes : [...axes, 'output'], { flags: true })
  const wrong = data.findIndex((value) => value !== 0 && value !== 1)
  if (wrong >= 0) {
    const sequence = `sequence ${Math.floor(wrong / readouts.length) + 1}`
    const step = `step ${(wrong % readouts.length) + 1}`
    const place = [...(batched ? [sequence] : []), ...(readsOnce(topology) ? [] : [step])].join(', ')
    throw new ExpectedError(`0 or 1 in the mask${place && ` at ${place}`}`, `${data[wrong]}`)
  }
  return Uint8Array.from(swapFirstAxes({ data, dtype, shape: [batch, readouts.length, 1] }).data)
}

/** A readout counts if it does in both; a mask that is not there hides nothing. */
export const combineMasks = (a?: Uint8Array, b?: Uint8Array): Uint8Array | undefined =>
  a && b ? a.map((counts, index) => counts & b[index]) : (a ?? b)

/** The axes before the last, and how long they are. */
function layoutOf({ batched, batch, readouts, topology }: Unrolled): { axes: string[]; leading: number[] } {
  const once = readsOnce(topology)
  return {
    axes: [...(batched ? ['sequence'] : []), ...(once ? [] : ['step'])],
    leading: [...(batched ? [batch] : []), ...(once ? [] : [readouts.length])],
  }
}
