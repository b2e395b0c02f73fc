/**
 * The explicit sum of backpropagation through time (Goodfellow et al. 2016, ch. 10; Pascanu et al. 2013, eq. 3-5):
 *
 *     ∂L/∂W = Σ_t ∂L_t/∂h_t · Σ_{i=1..t} ∂h_t/∂h_i · ∂⁺h_i/∂W        (and the same with U, with b)
 *
 * Term i gathers every loss that reaches back to step i. It is δ_i h_{i-1}ᵀ (for U δ_i x_iᵀ, for b δ_i): rank one
 * a sequence, so that the terms cost no more than the gradient, which is their sum. A layer k has terms like these for
 * Wk, Uk, bk; the reverse direction for Wr, Ur, br, its term i being that of step i too.
 */
import { ExpectedError, oneOf } from '../expected'
import { mapParameters, type ParameterName, type Parameters } from '../rnn-cell/parameters'
import { entry } from '../tensor/axes'
import { norm } from '../tensor/norm'
import { asDtype, type Floats, tensor } from '../tensor/tensor'
import { readoutPartials, squashes, throughSquash } from '../unroll/readout'
import { tapeOf } from '../unroll/tape'
import type { Unrolled } from '../unroll/unrolled'
import { backward } from './backward'
import { badStretch } from './bad-stretch'
import { type Credit, type CreditOptions, creditOf } from './credit'
import { type Factors, factorsOf, type OmittedFactors } from './factors'
import { type LossName, type LossOptions, losses, lossNames } from './loss/loss'
import { firstNonfinite, type Nonfinite } from './nonfinite'
import type { Norms } from './pass'
import { type Regularization, type RegularizerOptions, regularizer } from './regularizer'
import { type Scaled, scaleByPowerOfTwo } from './scaled'
import { combineMasks, readMask, readTargets } from './targets'
import { type TruncationOptions, windowsOf } from './windows'

export interface BpttOptions extends LossOptions, TruncationOptions {
  /** default mse */
  loss?: LossName
  /** 0 where an output does not count, [B, L], or [B] when the network reads out once; default: all count, up to the
   *  end of each sequence */
  mask?: unknown
  /** hand over every factor of the sum, for the first sequence; see `factorsOf`. Default false. */
  factors?: boolean
  /** hand over the norms of the terms by pairs (t, i); see `creditOf`. Default false. */
  credit?: boolean | CreditOptions
  /** Ω of Pascanu, Mikolov & Bengio 2013, added to the gradient; see `regularizer`. Default none. */
  regularizer?: RegularizerOptions
}

export interface Gradient {
  /** L */
  readonly loss: number
  /** ∂L/∂W, ∂L/∂U, ∂L/∂b … ∂L/∂V, ∂L/∂c */
  readonly parameters: Parameters
  /** Euclidean norm over all of them */
  readonly norm: number
  /** norms of the terms of steps 1 … T (entry 0 is step 1), summed over the batch before the norm is taken */
  readonly terms: Readonly<Record<ParameterName, number[]>>
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

/**
 * Loss and gradient of an unrolled network.
 *
 * @param targets see `readTargets` for the shapes
 * @throws ExpectedError if the targets do not fit
 */
export function bpttGradient(unrolled: Unrolled, targets: unknown, options: BpttOptions = {}): Gradient {
  const { cell, steps } = unrolled
  const { loss, der } = compare(unrolled, targets, options)
  const windows = windowsOf(unrolled, options)
  const omega = options.regularizer && regularizer(unrolled, options.regularizer)
  const tape = tapeOf(unrolled)

  const sums = mapParameters(cell.parameters, ({ data }) => new Float64Array(data.length))
  const part = mapParameters(cell.parameters, ({ data }) => new Float64Array(data.length))
  const terms = mapParameters(cell.parameters, () => new Array<number>(steps).fill(0))
  const add = (name: ParameterName, t: number, exponent: number, fill: (term: Float64Array) => void) => {
    const term = part[name].fill(0)
    fill(term)
    scaleByPowerOfTwo(term, exponent)
    terms[name][t - 1] = norm(term)
    for (let index = 0; index < term.length; index++) sums[name][index] += term[index]
  }

  const norms = backward(unrolled, tape, der, windows, {
    strand(t, { strand, step, exponent }) {
      const weights = tape.network.weightsAt(strand, t)
      const lane = tape.network.laneAt(strand, t)
      for (const [name, immediate] of Object.entries(tape.network.kind.immediate)) {
        const own = name + lane.suffix
        if (sums[own]) add(own, t, exponent, (term) => immediate(weights, step, term))
      }
      omega?.add(t, lane, step)
    },
    readout(index, { values, exponent }: Scaled) {
      if (cell.readout === 'none') return
      const t = unrolled.readouts[index]
      const state = tape.readable(t)
      for (const [name, immediate] of Object.entries(readoutPartials))
        add(name, t, exponent, (term) => immediate(cell, values, state, unrolled.batch, term))
    },
  })
  const regularization = omega?.addTo(sums)

  const parameters = mapParameters(cell.parameters, ({ shape }, name) =>
    asDtype(tensor('float64', shape, sums[name]), cell.precision),
  )
  const total = norm(...Object.values(parameters).map(({ data }): Floats => data))
  const nonfinite = firstNonfinite({
    ...unrolled,
    ...(Number.isFinite(loss) && Number.isFinite(total) ? undefined : badStretch(unrolled, tape)),
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
    ...(options.credit && {
      credit: creditOf(unrolled, der, windows, options.credit === true ? {} : options.credit),
    }),
    ...(regularization && { regularization }),
    ...(options.factors && { factors: factorsOf(unrolled, der, windows) }),
  }
}

/** The loss and ∂L/∂(V s_t + c) [L, B, O]. */
function compare(
  unrolled: Unrolled,
  targets: unknown,
  options: BpttOptions,
): { loss: number; der: Float64Array } {
  const { cell, logits, outputs, readouts, readoutMask } = unrolled
  const { targetKind, readsLogits, compare: ofLoss } = losses[oneOf('loss', options.loss ?? 'mse', lossNames)]
  if (readsLogits && !suits(options.loss, cell.readout))
    throw new ExpectedError(
      `a readout whose activation ${options.loss} takes in (linear, or its own), since it is a loss of logits`,
      cell.readout,
    )
  const { reduction, delta, classWeights, ignoreIndex, positiveWeights } = options
  const mask = combineMasks(readoutMask, readMask(options.mask, unrolled))
  const { loss, der } = ofLoss(
    {
      outputs: readsLogits ? logits : outputs,
      targets: readTargets(targets, unrolled, targetKind).targets,
      ...(mask && { mask }),
    },
    { reduction, delta, classWeights, ignoreIndex, positiveWeights },
  )
  if (readsLogits || !squashes(cell)) return { loss, der }
  const size = der.length / readouts.length
  readouts.forEach((_, index) => {
    const own = der.subarray(index * size, (index + 1) * size)
    own.set(throughSquash(cell, entry(outputs, index), own))
  })
  return { loss, der }
}

/** A loss of logits does away with the activation that belongs to it, and would be wrong on another one. */
const suits = (loss: LossName | undefined, readout: string): boolean =>
  readout === 'linear' || readout === 'none' || readout === (loss === 'cross-entropy' ? 'softmax' : 'sigmoid')

/** What one step does to what it carries; 1 where there is nothing to carry. */
const carryOf = ({ gradient, carried }: Norms): number[] =>
  gradient.map((size, index) => (size === Number.NEGATIVE_INFINITY ? 0 : carried[index] - size))
