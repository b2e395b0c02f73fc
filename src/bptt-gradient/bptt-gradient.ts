/**
 * The explicit sum of backpropagation through time (Goodfellow et al. 2016, ch. 10; Pascanu et al. 2013, eq. 3-5):
 *
 *     ∂L/∂W = Σ_t ∂L_t/∂h_t · Σ_{i=1..t} ∂h_t/∂h_i · ∂⁺h_i/∂W        (and the same with U, with b)
 *
 * Term i gathers every loss that reaches back to step i. It is δ_i h_{i-1}ᵀ (for U δ_i x_iᵀ, for b δ_i): rank one
 * a sequence, so that the terms cost no more than the gradient, which is their sum.
 */
import { oneOf } from '../expected'
import { addOuterProducts, addRows } from '../kernel/reference'
import {
  forEachParameter,
  type ParameterName,
  type Parameters,
  parameterNames,
  parameterShapes,
} from '../rnn-cell/parameters'
import { entry } from '../tensor/axes'
import { norm } from '../tensor/norm'
import { asDtype, type Floats, sizeOf, tensor } from '../tensor/tensor'
import type { Unrolled } from '../unroll/unroll'
import { backward, scaleByPowerOfTwo } from './backward'
import { type Factors, factorsOf, type OmittedFactors } from './factors'
import { type LossName, losses, lossNames } from './loss/loss'
import { firstNonfinite, type Nonfinite } from './nonfinite'
import { readTargets } from './targets'

export interface BpttOptions {
  /** default mse */
  loss?: LossName
  /** hand over every factor of the sum, for the first sequence; see `factorsOf`. Default false. */
  factors?: boolean
}

export interface Gradient {
  /** L */
  readonly loss: number
  /** ∂L/∂W, ∂L/∂U, ∂L/∂b, ∂L/∂V, ∂L/∂c */
  readonly parameters: Parameters
  /** Euclidean norm over all of them */
  readonly norm: number
  /** norms of the terms of steps 1 … T (entry 0 is step 1), summed over the batch before the norm is taken */
  readonly terms: Readonly<Record<ParameterName, number[]>>
  /** log ‖∂L/∂h_i‖ for i = 1 … T (entry 0 is step 1); -Infinity where it is zero */
  readonly growth: number[]
  /** log(‖(∂h_i/∂h_{i-1})ᵀ ∂L/∂h_i‖ / ‖∂L/∂h_i‖) for i = 2 … T (entry 0 is step 2): what one step back does to what it carries */
  readonly carry: number[]
  /** in a gradient that is not finite: where that began */
  readonly nonfinite?: Nonfinite
  readonly factors?: Factors | OmittedFactors
}

/**
 * Loss and gradient of an unrolled network.
 *
 * @param targets see `readTargets` for the shapes
 * @throws ExpectedError if the targets do not fit
 */
export function bpttGradient(unrolled: Unrolled, targets: unknown, options: BpttOptions = {}): Gradient {
  const { cell, steps } = unrolled
  const { targetKind, compare } = losses[oneOf('loss', options.loss ?? 'mse', lossNames)]
  const { loss, der } = compare(unrolled.outputs, readTargets(targets, unrolled, targetKind))

  const shapes = parameterShapes(cell.sizes)
  const sums = forEachParameter((name) => new Float64Array(sizeOf(shapes[name])))
  const term = forEachParameter((name) => new Float64Array(sizeOf(shapes[name])))
  const terms = forEachParameter(() => new Array<number>(steps).fill(0))
  const growth = new Array<number>(steps)
  const carry = new Array<number>(steps - 1)

  const add = (name: ParameterName, t: number, exponent: number, fill: (term: Float64Array) => void) => {
    const part = term[name].fill(0)
    fill(part)
    scaleByPowerOfTwo(part, exponent)
    terms[name][t - 1] = norm(part)
    for (let index = 0; index < part.length; index++) sums[name][index] += part[index]
  }

  backward(unrolled, der, ({ t, gradient, delta, carried, exponent }) => {
    const { batch, hidden, inputs } = unrolled
    const { inputSize, hiddenSize } = cell.sizes
    add('W', t, exponent, (part) =>
      addOuterProducts(part, delta, entry(hidden, t - 1), hiddenSize, hiddenSize, batch),
    )
    add('U', t, exponent, (part) =>
      addOuterProducts(part, delta, entry(inputs, t - 1), hiddenSize, inputSize, batch),
    )
    add('b', t, exponent, (part) => addRows(part, delta, batch, hiddenSize))
    const size = Math.log(norm(gradient))
    growth[t - 1] = size + exponent * Math.LN2
    if (t > 1) carry[t - 2] = size === Number.NEGATIVE_INFINITY ? 0 : Math.log(norm(carried)) - size
  })
  addReadoutTerms(unrolled, der, add)

  const parameters = forEachParameter((name) =>
    asDtype(tensor('float64', shapes[name], sums[name]), cell.precision),
  )
  const total = norm(...parameterNames.map((name): Floats => parameters[name].data))
  const nonfinite = firstNonfinite({ unrolled, loss, der, terms, parameters, norm: total })
  return {
    loss,
    parameters,
    norm: total,
    terms,
    growth,
    carry,
    ...(nonfinite && { nonfinite }),
    ...(options.factors && { factors: factorsOf(unrolled, der) }),
  }
}

/** The readout is not recurrent: its terms are the immediate partials at the losses, ∂L/∂o_t h_tᵀ and ∂L/∂o_t. */
function addReadoutTerms(
  { cell, batch, hidden, readouts }: Unrolled,
  der: Float64Array,
  add: (name: ParameterName, t: number, exponent: number, fill: (term: Float64Array) => void) => void,
): void {
  const { hiddenSize, outputSize } = cell.sizes
  const size = batch * outputSize
  readouts.forEach((t, index) => {
    const outputGradient = der.subarray(index * size, (index + 1) * size)
    add('V', t, 0, (part) =>
      addOuterProducts(part, outputGradient, entry(hidden, t), outputSize, hiddenSize, batch),
    )
    add('c', t, 0, (part) => addRows(part, outputGradient, batch, outputSize))
  })
}
