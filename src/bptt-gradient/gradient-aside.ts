/** What the kernels do not do of a gradient, step by step, beside the event loop where it is long. */
import { extname, join } from 'node:path'
import { type Aside, aside } from '../kernel/pool/aside'
import { parameterCount } from '../rnn-cell/cell'
import type { Asked } from './asked'
import type { Computed } from './by-steps'
import { usualCap } from './credit'
import { factorNumbers } from './factors'
import { bySteps, type Gradient, gradientOf } from './gradient'

export interface GradientJob {
  readonly asked: Asked
  /** by the kernels, if they could */
  readonly computed?: Computed
}

export const finishGradient = ({ asked, computed }: GradientJob): Gradient =>
  gradientOf(asked, computed ?? bySteps(asked))

const filename = join(__dirname, `gradient-worker${extname(__filename)}`)
/** @internal its speed is set by tests */
export const backward: Aside<GradientJob, Gradient> = aside(filename, finishGradient)

/** @param computed by the kernels; undefined if the steps have to be taken one by one */
export function gradientAside(
  asked: Asked,
  computed: Computed | undefined,
  signal?: AbortSignal,
): Gradient | Promise<Gradient> {
  const { regularizer, credit, factors } = asked.options
  const needed: Asked = { ...asked, options: { regularizer, credit, factors } }
  return backward.do({ asked: needed, computed }, multiplyAdds(asked, computed !== undefined), signal)
}

/** About, of what is taken step by step: 0 where the kernels have done all that was asked for. */
function multiplyAdds({ unrolled, windows, terms, options }: Asked, isComputed: boolean): number {
  const { cell, batch, steps, readouts } = unrolled
  // each step goes forward once more for its gates, and back to the state and the parameters
  const ofStep = (3 * batch + perTerm) * parameterCount(cell)
  const stepsBack = windows.reduce((sum, { from, to }) => sum + from - to + 1, 0)
  const gradient = isComputed ? 0 : (terms === 'sequence' ? 2 : 1) * stepsBack * ofStep
  const { credit, factors } = options
  const cap = credit && ((credit !== true && credit.cap) || usualCap)
  const losses = cap ? readouts.reduce((sum, t) => sum + t, 0) / Math.ceil(steps / cap) : 0
  return gradient + losses * ofStep + (factors ? perFactor * factorNumbers(unrolled) : 0)
}

/** What the norm of a term takes of each number in it, whatever the batch. */
const perTerm = 4
/** What a number takes that is handed over in arrays, and multiplied on its way. */
const perFactor = 100
