/**
 * Ω of Pascanu, Mikolov & Bengio 2013 ("On the difficulty of training recurrent neural networks", section 3.3), which
 * asks that the gradient keep its norm on its way back, in the direction in which it goes:
 *
 *     Ω = Σ_k Ω_k = Σ_k (‖∂L/∂h_{k+1} · ∂h_{k+1}/∂h_k‖ / ‖∂L/∂h_{k+1}‖ - 1)²            (9)
 *
 * Equation 10 has both norms squared. As in the paper, its gradient is the immediate partial by W: everything but
 * ∂h_{k+1}/∂h_k = diag(φ') W is held constant. Of a batch it is the mean over the sequences.
 */
import { ExpectedError, numberIn, oneOf } from '../expected'
import type { StepBack } from '../rnn-cell/kind'
import type { Lane } from '../rnn-cell/lanes'
import { norm } from '../tensor/norm'
import { firstStep, lastStep } from '../unroll/presence'
import type { Unrolled } from '../unroll/unrolled'

export interface RegularizerOptions {
  /** λ of L + λ Ω; the paper's experiments use 0.5 to 4 */
  coefficient: number
  /** ratio of the norms (equation 9), or of their squares (equation 10); default ratio */
  form?: 'ratio' | 'squared'
}

export interface Regularization {
  /** Ω */
  readonly omega: number
  readonly coefficient: number
  readonly form: 'ratio' | 'squared'
  /** Euclidean norm of what it adds to the gradient, λ ∂⁺Ω/∂W over all W */
  readonly norm: number
}

/** @throws ExpectedError for a cell with gates, of whose Jacobian W is only a part */
export function regularizer(unrolled: Unrolled, options: RegularizerOptions) {
  const { cell, batch } = unrolled
  const coefficient = numberIn('coefficient', options.coefficient, { min: 0 })
  const form = oneOf('form', options.form ?? 'ratio', ['ratio', 'squared'])
  if (cell.type !== 'rnn') throw new ExpectedError('a cell of type rnn for the regularizer Ω', cell.type)
  const { hiddenSize } = cell.sizes
  const partials: Record<string, Float64Array> = {}
  const rows = Array.from({ length: batch }, (_, row) => row)
  /** the first step of each sequence in either direction */
  const first = {
    forward: rows.map((row) => firstStep(unrolled, row)),
    reverse: rows.map((row) => lastStep(unrolled, row)),
  }
  let omega = 0

  return {
    /** Step t of a lane, but for the sequences whose first step it is: what it leads from is h_0, not a state h_k. */
    add(t: number, { suffix, reverse }: Lane, { gradient, gradientBefore, delta }: StepBack): void {
      partials[`W${suffix}`] ??= new Float64Array(hiddenSize ** 2)
      for (const row of rows) {
        if (t === first[reverse ? 'reverse' : 'forward'][row]) continue
        const own = (values: Float64Array) => values.subarray(row * hiddenSize, (row + 1) * hiddenSize)
        const carried = own(gradientBefore.hidden)
        const [size, carriedSize] = [norm(own(gradient.hidden)), norm(carried)]
        if (size === 0 || carriedSize === 0) {
          if (size > 0) omega += 1 / batch
          continue
        }
        const ratio = carriedSize / size
        const distance = (form === 'ratio' ? ratio : ratio * ratio) - 1
        omega += distance ** 2 / batch
        // ∂ratio/∂W = δ vᵀ / (‖v‖ ‖∂L/∂h‖) with v = Wᵀ δ; ∂ratio²/∂W = 2 δ vᵀ / ‖∂L/∂h‖²
        const slope = form === 'ratio' ? 1 / carriedSize / size : 2 / size / size
        addOuter(partials[`W${suffix}`], own(delta), carried, (2 * distance * slope) / batch)
      }
    },

    /** Adds λ ∂⁺Ω/∂W to the sums of the gradient. */
    addTo(sums: Readonly<Record<string, Float64Array>>): Regularization {
      const added = Object.values(partials)
      for (const partial of added)
        for (let index = 0; index < partial.length; index++) partial[index] *= coefficient
      for (const [name, partial] of Object.entries(partials))
        for (let index = 0; index < partial.length; index++) sums[name][index] += partial[index]
      return { omega, coefficient, form, norm: norm(...added) }
    },
  }
}

function addOuter(out: Float64Array, column: Float64Array, row: Float64Array, factor: number): void {
  for (let k = 0; k < column.length; k++)
    for (let j = 0; j < row.length; j++) out[k * row.length + j] += factor * column[k] * row[j]
}
