/**
 * The explicit sum of backpropagation through time (Goodfellow et al. 2016, ch. 10; Pascanu et al. 2013, eq. 3-5):
 *
 *     ∂L/∂W = Σ_t ∂L_t/∂h_t · Σ_{i=1..t} ∂h_t/∂h_i · ∂⁺h_i/∂W        (and the same with U, with b)
 *
 * Term i gathers every loss that reaches back to step i. It is δ_i h_{i-1}ᵀ (for U δ_i x_iᵀ, for b δ_i): rank one
 * a sequence, so that the terms cost no more than the gradient, which is their sum. A layer k has terms like these for
 * Wk, Uk, bk; the reverse direction for Wr, Ur, br, its term i being that of step i too.
 */
import type { TermsKind } from '../kernel/program/program'
import type { Runner } from '../unroll/programs'
import type { Unrolled } from '../unroll/unrolled'
import { isLarge, runHere, runInWorkers, type Work } from '../unroll/work'
import { type Asked, type BpttOptions, prepare } from './asked'
import { loadLoss, runnerFor, squaresAreInRange, takeGradient, wayBack } from './by-program'
import type { Computed } from './by-steps'
import { bySteps, type Gradient, gradientOf } from './gradient'
import { gradientAside } from './gradient-aside'
import { lostGradient, narrowed, widened } from './out-of-range'

export { type BpttOptions, termsKinds } from './asked'
export type { Gradient } from './gradient'

/**
 * Loss and gradient of an unrolled network.
 *
 * @param targets see `readTargets` for the shapes
 * @throws ExpectedError if the targets do not fit
 */
export function bpttGradient(unrolled: Unrolled, targets: unknown, options: BpttOptions = {}): Gradient {
  const asked = prepare(unrolled, targets, options)
  const work = workOf(asked)
  return gradientOf(asked, (work && computeHere(asked, work)) ?? bySteps(asked))
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
  if (work && isLarge(work.runner, work.tasks)) return finishInWorkers(asked, work, signal)
  return gradientAside(asked, work && computeHere(asked, work), signal)
}

/** What a program has to do; undefined if the steps must be taken one by one. */
function workOf({ unrolled, byProgram, der, terms }: Asked): Work | undefined {
  const found = byProgram ? runnerFor(unrolled) : undefined
  if (!found) return undefined
  loadLoss(found.runner, der, terms)
  return { runner: found.runner, tasks: [...found.missing, ...wayBack(terms)] }
}

/** Undefined if the kernels could not hold the numbers; the steps one by one can in any case. */
const computeHere = ({ unrolled, terms }: Asked, { runner, tasks }: Work): Computed | undefined =>
  takeInRange(runner, unrolled, terms, runHere(runner, tasks))

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
  if (!Number.isFinite(loss)) return gradientAside(asked, lostGradient(unrolled), signal)
  const computed = await computeInWorkers(asked, work, signal)
  if (computed) return gradientAside(asked, computed, signal)
  const wide = { ...asked, unrolled: widened(unrolled) }
  const again = unrolled.cell.precision === 'float32' ? workOf(wide) : undefined
  const wider = again && (await computeInWorkers(wide, again, signal))
  return gradientAside(asked, wider && narrowed(wider, unrolled), signal)
}

const computeInWorkers = (asked: Asked, work: Work, signal?: AbortSignal): Promise<Computed | undefined> =>
  runInWorkers(
    work,
    () => workOf(asked) as Work,
    signal,
    (runner, inRange) => takeInRange(runner, asked.unrolled, asked.terms, inRange),
  )
