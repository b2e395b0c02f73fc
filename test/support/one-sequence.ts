/** Parts of a random network's batch: one sequence, some steps, or only the steps at which a sequence is there. */
import { isTensor, type Tensor, tensor } from '../../src'
import type { Case } from './networks'

/** Entry `index` of an axis, which stays. */
function take(from: Tensor, axis: number, indices: readonly number[]): Tensor {
  const before = from.shape.slice(0, axis).reduce((product, size) => product * size, 1)
  const size = from.shape.slice(axis + 1).reduce((product, length) => product * length, 1)
  const taken = tensor(
    from.dtype,
    from.shape.map((length, at) => (at === axis ? indices.length : length)),
  )
  for (let outer = 0; outer < before; outer++)
    for (const [place, index] of indices.entries()) {
      const start = (outer * from.shape[axis] + index) * size
      taken.data.set(from.data.subarray(start, start + size), (outer * indices.length + place) * size)
    }
  return taken
}

/** Steps `first` to `last`, counted from 1 and both included, of [B, T, …]. */
export const sliceSteps = (from: Tensor, first: number, last: number): Tensor =>
  take(
    from,
    1,
    Array.from({ length: last - first + 1 }, (_, index) => first - 1 + index),
  )

const stateAt = (state: unknown, index: number): unknown => {
  if (isTensor(state)) return take(state, 1, [index])
  const { h, c } = state as { h: Tensor; c: Tensor }
  return { h: take(h, 1, [index]), c: take(c, 1, [index]) }
}

/** The same network on one sequence only, as a batch of one. */
export function sequenceAt({ cell, inputs, unroll, targets, loss }: Case, index: number): Case {
  const { lengths, mask, targetLengths } = unroll
  return {
    cell,
    inputs: take(inputs, 0, [index]),
    targets: take(targets, 0, [index]),
    loss,
    unroll: {
      ...unroll,
      initialState: stateAt(unroll.initialState, index),
      ...(isTensor(unroll.targets) && { targets: take(unroll.targets, 0, [index]) }),
      ...(lengths && { lengths: [lengths[index]] }),
      ...(mask !== undefined && { mask: [(mask as number[][])[index]] }),
      ...(targetLengths && { targetLengths: [targetLengths[index]] }),
    },
  }
}

/** One sequence with neither padding nor pauses: the steps at which it is there, one after the other. */
export function unpadded(network: Case, index: number): Case {
  const { lengths, mask, targetLengths, steps, targets, ...options } = network.unroll
  const one = sequenceAt(network, index)
  const inputSteps = one.inputs.shape[1]
  const present = Array.from({ length: inputSteps }, (_, step) => step).filter(
    (step) =>
      step < (lengths?.[index] ?? inputSteps) && (mask as number[][] | undefined)?.[index][step] !== 0,
  )
  const outputSteps = targetLengths?.[index] ?? steps
  const kept = outputSteps === undefined ? present : Array.from({ length: outputSteps }, (_, step) => step)
  const readsOnce = options.topology?.endsWith('-one')
  return {
    ...one,
    inputs: take(one.inputs, 1, present),
    targets: readsOnce ? one.targets : take(one.targets, 1, kept),
    unroll: {
      ...options,
      initialState: one.unroll.initialState,
      ...(outputSteps !== undefined && { steps: outputSteps }),
      ...(isTensor(one.unroll.targets) && { targets: take(one.unroll.targets, 1, kept) }),
    },
  }
}
