/** The gradient as it is handed over, of what kernels or the steps one by one have computed. */

import type { ParameterName, Parameters } from '../rnn-cell/parameters'
import { norm } from '../tensor/norm'
import type { Floats, Tensor } from '../tensor/tensor'
import { tapeOf } from '../unroll/tape'
import type { Asked } from './asked'
import { badStretch } from './bad-stretch'
import { type Computed, gradientBySteps, sequenceTermsBySteps } from './by-steps'
import { type Credit, creditOf } from './credit'
import { type Factors, factorsOf, type OmittedFactors } from './factors'
import { firstNonfinite, type Nonfinite } from './nonfinite'
import type { Norms } from './pass'
import type { Regularization } from './regularizer'

export interface Gradient {
  /** L */
  readonly loss: number
  /** ∂L/∂W, ∂L/∂U, ∂L/∂b … ∂L/∂V, ∂L/∂c */
  readonly parameters: Parameters
  /** Euclidean norm over all of them */
  readonly norm: number
  /** norms of the terms of steps 1 … T (entry 0 is step 1), summed over the batch before the norm is taken; empty if
   *  they were not asked for */
  readonly terms: Readonly<Record<ParameterName, number[]>>
  /** norms of the terms of each sequence [T, B], if they were asked for */
  readonly sequenceTerms?: Readonly<Record<ParameterName, Tensor>>
  /** log ‖∂L/∂s_i‖ for i = 1 … T (entry 0 is step 1), s being h of every layer, and c of an LSTM; -Infinity where it is
   *  zero. Of a bidirectional cell the forward direction. */
  readonly growth: number[]
  /** log(‖(∂s_i/∂s_{i-1})ᵀ ∂L/∂s_i‖ / ‖∂L/∂s_i‖) for i = 2 … T (entry 0 is step 2): what one step back does to what it carries */
  readonly carry: number[]
  /** of the reverse direction; what it carries goes from i to i+1, for i = 1 … T-1 (entry 0 is step 1) */
  readonly reverse?: { readonly growth: number[]; readonly carry: number[] }
  /** in a gradient that is not finite: where that began */
  readonly nonfinite?: Nonfinite
  readonly credit?: Credit
  readonly regularization?: Regularization
  readonly factors?: Factors | OmittedFactors
}

/** By the steps one by one. */
export function bySteps({ unrolled, der, windows, options, terms }: Asked): Computed {
  const computed = gradientBySteps(unrolled, tapeOf(unrolled), der, windows, options.regularizer)
  if (terms === 'batch') return computed
  const own = terms === 'sequence' && { sequenceTerms: sequenceTermsBySteps(unrolled, der, windows) }
  return { ...computed, terms: {}, ...own }
}

export function gradientOf(
  { unrolled, options, loss, der, windows }: Asked,
  { parameters, terms, norms, regularization, sequenceTerms }: Computed,
): Gradient {
  const { cell } = unrolled
  const total = norm(...Object.values(parameters).map(({ data }): Floats => data))
  const nonfinite = firstNonfinite({
    ...unrolled,
    ...(Number.isFinite(loss) && Number.isFinite(total) ? undefined : badStretch(unrolled, tapeOf(unrolled))),
    loss,
    der,
    terms,
    parameters,
    norm: total,
    precision: cell.precision,
  })
  return {
    loss,
    parameters,
    norm: total,
    terms,
    growth: norms.forward.gradient,
    carry: carryOf(norms.forward).slice(1),
    ...(norms.reverse && {
      reverse: { growth: norms.reverse.gradient, carry: carryOf(norms.reverse).slice(0, -1) },
    }),
    ...(nonfinite && { nonfinite }),
    ...(sequenceTerms && { sequenceTerms }),
    ...(options.credit && {
      credit: creditOf(unrolled, der, windows, options.credit === true ? {} : options.credit),
    }),
    ...(regularization && { regularization }),
    ...(options.factors && { factors: factorsOf(unrolled, der, windows) }),
  }
}

/** What one step does to what it carries; 1 where there is nothing to carry. */
const carryOf = ({ gradient, carried }: Norms): number[] =>
  gradient.map((size, index) => (size === Number.NEGATIVE_INFINITY ? 0 : carried[index] - size))
