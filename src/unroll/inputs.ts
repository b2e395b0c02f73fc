/** Inputs in any form a person writes them, as [B, T, D]. */
import { describe, ExpectedError } from '../expected'
import { checkSize } from '../limits'
import type { Cell } from '../rnn-cell/cell'
import { type LinearScale, scaleFeatures } from '../sequence-source/scaling'
import { fromNested, isTensor, nestedShape } from '../tensor/nested'
import { asDtype, showShape, type Tensor } from '../tensor/tensor'
import { type Topology, takesOnce } from './topology'

export interface ReadInputs {
  /** false for a single sequence given without a batch axis */
  readonly batched: boolean
  /** [B, T, D] */
  readonly sequences: Tensor
}

/**
 * [B][T][D], [T][D] or [T] with one feature. A topology that takes in once also reads [D], and [B][D] of several
 * sequences.
 *
 * @throws ExpectedError naming sequence and step of an input that does not fit, or the limit of a size
 */
export function readInputs(given: unknown, cell: Cell, topology: Topology, scale?: LinearScale): ReadInputs {
  const { precision, sizes } = cell
  const shape = isTensor(given) ? given.shape : nestedShape(given)
  const full = fullShape(shape, takesOnce(topology))
  if (!full)
    throw new ExpectedError('inputs [steps][features] or [sequences][steps][features]', describe(given))
  checkSize('maxBatch', full[0], 'sequences')
  checkSize('maxSteps', full[1], 'steps')
  if (!full.includes(0) && full[2] !== sizes.inputSize)
    throw new ExpectedError(
      `${sizes.inputSize} features at every step (the cell's input size)`,
      `${full[2]} at step 1`,
    )
  if (takesOnce(topology) && full[1] > 1)
    throw new ExpectedError(`one input step for ${topology}`, `${full[1]} steps`)
  const { data } = isTensor(given)
    ? asDtype(given, precision)
    : fromNested(given, precision, axes(shape, full))
  if (full.includes(0)) throw new ExpectedError('at least one sequence, step and feature', showShape(shape))
  const sequences = { shape: full, dtype: precision, data }
  const batched = shape.length === 3 || full[0] > 1
  return { batched, sequences: scale ? scaleFeatures(sequences, scale) : sequences }
}

/** x [T, B, D] with zeros where a sequence is not there, so that nothing that stands in its padding counts. */
export function withoutPadding(inputs: Tensor, present: Uint8Array): Tensor {
  const size = inputs.shape[2]
  const data = inputs.data.map((value, index) => (present[Math.floor(index / size)] === 0 ? 0 : value))
  return { ...inputs, data }
}

/** [B, T, D]; undefined if the rank is wrong. */
function fullShape(shape: readonly number[], once: boolean): number[] | undefined {
  const [first, second] = shape
  if (shape.length === 3) return [...shape]
  if (shape.length === 2) return once && first > 1 ? [first, 1, second] : [1, first, second]
  if (shape.length === 1) return once ? [1, 1, first] : [1, first, 1]
  return undefined
}

function axes(shape: readonly number[], [batch]: readonly number[]): string[] {
  if (shape.length === 1) return ['step']
  return shape.length === 2 && batch > 1 ? ['sequence', 'feature'] : ['sequence', 'step', 'feature']
}
