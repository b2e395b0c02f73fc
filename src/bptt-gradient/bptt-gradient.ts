/**
 * The explicit sum of backpropagation through time (Goodfellow et al. 2016, ch. 10; Pascanu et al. 2013, eq. 3-5):
 *
 *     ∂L/∂W = Σ_t ∂L_t/∂h_t · Σ_{i=1..t} ∂h_t/∂h_i · ∂⁺h_i/∂W        (and the same with U, with b)
 *
 * Term i gathers every loss that reaches back to step i. It is δ_i h_{i-1}ᵀ (for U δ_i x_iᵀ, for b δ_i): rank one
 * a sequence, so that the terms cost no more than the gradient, which is their sum. A layer k has terms like these for
 * Wk, Uk, bk; the reverse direction for Wr, Ur, br, its term i being that of step i too.
 */
import { oneOf } from '../expected'
import type { TermsKind } from '../kernel/program/program'
import type { ParameterName, Parameters } from '../rnn-cell/parameters'
import { norm } from '../tensor/norm'
import type { Floats, Tensor } from '../tensor/tensor'
import type { Runner } from '../unroll/programs'
import { tapeOf } from '../unroll/tape'
import { type KernelName, kernelNames } from '../unroll/unroll'
import type { Unrolled } from '../unroll/unrolled'
import { isLarge, runHere, runInWorkers, type Work } from '../unroll/work'
import { badStretch } from './bad-stretch'
import { loadLoss, runnerFor, squaresAreInRange, takeGradient, wayBack } from './by-program'
import { type Computed, gradientBySteps, sequenceTermsBySteps } from './by-steps'
import { compare } from './compare'
import { type Credit, type CreditOptions, creditOf } from './credit'
import { type Factors, factorsOf, type OmittedFactors } from './factors'
import type { LossName, LossOptions } from './loss/loss'
import { firstNonfinite, type Nonfinite } from './nonfinite'
import { lostGradient, narrowed, widened } from './out-of-range'
import type { Norms } from './pass'
import type { Regularization, RegularizerOptions } from './regularizer'
import { type TruncationOptions, type Window, windowsOf } from './windows'

export const termsKinds = ['batch', 'sequence', 'none'] as const satisfies readonly TermsKind[]

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
  /** norms of the terms: of the sum over the batch, of each sequence by itself, or none; default batch */
  terms?: TermsKind
  /** reference: step by step in plain TypeScript; default auto: by WebAssembly, except for truncation, checkpoints, Ω,
   *  outputs that were fed back, and numbers that leave its range */
  kernel?: KernelName
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

/**
 * Loss and gradient of an unrolled network.
 *
 * @param targets see `readTargets` for the shapes
 * @throws ExpectedError if the targets do not fit
 */
export function bpttGradient(unrolled: Unrolled, targets: unknown, options: BpttOptions = {}): Gradient {
  const asked = prepare(unrolled, targets, options)
  const work = workOf(asked)
  if (!work) return gradientOf(asked, bySteps(asked))
  return finish(asked, work, runHere(work.runner, work.tasks))
}

/**
 * The same without holding the event loop up: large work is done on worker threads, and a promise of its result comes
 * back; small work is done at once.
 *
 * @param signal ends work that is under way: the promise rejects with its reason
 */
export function bpttGradientAsync(
  unrolled: Unrolled,
  targets: unknown,
  options: BpttOptions = {},
  signal?: AbortSignal,
): Gradient | Promise<Gradient> {
  const asked = prepare(unrolled, targets, options)
  const work = workOf(asked)
  if (!work) return gradientOf(asked, bySteps(asked))
  const { runner, tasks } = work
  if (!isLarge(runner, tasks)) return finish(asked, work, runHere(runner, tasks))
  return finishInWorkers(asked, work, signal)
}

/** What a program has to do; undefined if the steps must be taken one by one. */
function workOf({ unrolled, byProgram, der, terms }: Asked): Work | undefined {
  const found = byProgram ? runnerFor(unrolled) : undefined
  if (!found) return undefined
  loadLoss(found.runner, der, terms)
  return { runner: found.runner, tasks: [...found.missing, ...wayBack(terms)] }
}

/** @param inRange whether the kernels could hold the numbers; the steps one by one can in any case */
const finish = (asked: Asked, { runner }: Work, inRange: boolean): Gradient =>
  gradientOf(asked, takeInRange(runner, asked.unrolled, asked.terms, inRange) ?? bySteps(asked))

function takeInRange(
  runner: Runner,
  unrolled: Unrolled,
  terms: TermsKind,
  inRange: boolean,
): Computed | undefined {
  const computed = inRange ? takeGradient(runner, unrolled, terms) : undefined
  return computed && squaresAreInRange(computed) ? computed : undefined
}

async function finishInWorkers(asked: Asked, work: Work, signal?: AbortSignal): Promise<Gradient> {
  const { unrolled, loss } = asked
  if (!Number.isFinite(loss)) return gradientOf(asked, lostGradient(unrolled))
  const computed = await computeInWorkers(asked, work, signal)
  if (computed) return gradientOf(asked, computed)
  const wide = { ...asked, unrolled: widened(unrolled) }
  const again = unrolled.cell.precision === 'float32' ? workOf(wide) : undefined
  if (!again) return gradientOf(asked, bySteps(asked))
  const wider = await computeInWorkers(wide, again, signal)
  return gradientOf(asked, wider ? narrowed(wider, unrolled) : bySteps(asked))
}

const computeInWorkers = (asked: Asked, work: Work, signal?: AbortSignal): Promise<Computed | undefined> =>
  runInWorkers(
    work,
    () => workOf(asked) as Work,
    signal,
    (runner, inRange) => takeInRange(runner, asked.unrolled, asked.terms, inRange),
  )

/** What was asked for, read and checked. */
interface Asked {
  readonly unrolled: Unrolled
  readonly options: BpttOptions
  readonly loss: number
  /** ∂L/∂(V s_t + c) [L, B, O] */
  readonly der: Float64Array
  readonly windows: readonly Window[]
  readonly terms: TermsKind
  /** nothing asks for the steps one by one */
  readonly byProgram: boolean
}

function prepare(unrolled: Unrolled, targets: unknown, options: BpttOptions): Asked {
  const terms = oneOf('terms', options.terms ?? 'batch', termsKinds)
  const kernel = oneOf('kernel', options.kernel ?? 'auto', kernelNames)
  const { k1, k2, regularizer } = options
  const isPlain = k1 === undefined && k2 === undefined && regularizer === undefined
  return {
    unrolled,
    options,
    ...compare(unrolled, targets, options),
    windows: windowsOf(unrolled, options),
    terms,
    byProgram: kernel === 'auto' && isPlain,
  }
}

function bySteps({ unrolled, der, windows, options, terms }: Asked): Computed {
  const computed = gradientBySteps(unrolled, tapeOf(unrolled), der, windows, options.regularizer)
  if (terms === 'batch') return computed
  const own = terms === 'sequence' && { sequenceTerms: sequenceTermsBySteps(unrolled, der, windows) }
  return { ...computed, terms: {}, ...own }
}

function gradientOf(
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
