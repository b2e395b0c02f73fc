/**
 * The factors of the long products, ∂s_t/∂s_{t-1}, for one sequence: s_t is the whole state, h (and c) of layer 1, then
 * of layer 2 … They are what spectral measures are taken from; no gradient needs them.
 */
import { ExpectedError, numberIn } from '../expected'
import { entry } from '../tensor/axes'
import { sequenceOf } from '../unroll/sequence-of'
import { tapeOf } from '../unroll/tape'
import type { Unrolled } from '../unroll/unrolled'
import { chain } from './chain'

/** S, numbers in the whole state. */
export const stateSize = ({ strands, cell }: Unrolled): number =>
  strands.reduce((sum, { cellState }) => sum + (cellState ? 2 : 1) * cell.sizes.hiddenSize, 0)

/** s_t of the first sequence. Not for checkpointed networks. */
export const stateOf = ({ strands, cell }: Unrolled, t: number): number[] =>
  strands.flatMap(({ hidden, cellState }) =>
    [hidden, ...(cellState ? [cellState] : [])].flatMap((states) => [
      ...entry(states, t).subarray(0, cell.sizes.hiddenSize),
    ]),
  )

/**
 * ∂s_t/∂s_{t-1} for t = 1 … T (entry 0 is step 1), each row major [S, S], with what the steps take in held constant:
 * outputs that are fed back are inputs here.
 *
 * @param sequence which of the batch, counted from 0
 * @throws ExpectedError for a bidirectional cell, whose steps do not follow one another
 */
export function stepJacobians(unrolled: Unrolled, sequence = 0): Float64Array[] {
  const { cell, steps } = unrolled
  if (cell.bidirectional)
    throw new ExpectedError('a cell of one direction for Jacobians of steps', 'a bidirectional one')
  numberIn('sequence', sequence, { min: 0, max: unrolled.batch - 1, integer: true })
  const size = stateSize(unrolled)
  // row r of the Jacobian is what comes of ∂L/∂s_t = e_r: all rows at once, as a batch of S copies of the sequence
  const copies = sequenceOf(unrolled, sequence, size)
  const tape = tapeOf(copies)
  const strands = copies.strands.map((_, strand) => strand)
  const { hiddenSize } = cell.sizes
  const jacobians = new Array<Float64Array>(steps)
  for (let t = steps; t >= 1; t--) {
    const back = chain(copies, tape, strands)
    back.gradients.forEach((values, part) => {
      for (let unit = 0; unit < hiddenSize; unit++) values[(part * hiddenSize + unit) * hiddenSize + unit] = 1
    })
    back.back(t, () => {}, false)
    const jacobian = new Float64Array(size ** 2)
    back.gradients.forEach((values, part) => {
      for (let row = 0; row < size; row++)
        for (let unit = 0; unit < hiddenSize; unit++)
          jacobian[row * size + part * hiddenSize + unit] =
            values[row * hiddenSize + unit] * 2 ** back.exponent
    })
    jacobians[t - 1] = jacobian
  }
  return jacobians
}
