/** What the kernels do not do of a gradient, step by step, beside the event loop where it is long. */
import { extname, join } from 'node:path'
import { type Aside, aside } from '../kernel/pool/aside'
import { parameterCount } from '../rnn-cell/cell'
import type { Asked } from './asked'
import type { Computed } from './by-steps'
import { usualCap } from './credit'
import { bySteps, type Gradient, gradientOf } from './gradient'

export interface GradientJob {
  readonly asked: Asked
  /** by the kernels, if they could */
  readonly computed?: Computed
}

export const finishGradient = ({ asked, computed }: GradientJob): Gradient =>
  gradientOf(asked, computed ?? bySteps(asked))

const filename = join(__dirname, `gradient-worker${extname(__filename)}`)
const backward: Aside<GradientJob, Gradient> = aside(filename, finishGradient)

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

/** About: each step goes forward once more for its gates, and back to the state and the parameters. */
function multiplyAdds({ unrolled, windows, terms, options }: Asked, isComputed: boolean): number {
  const { cell, batch, steps, readouts } = unrolled
  const ofStep = (3 * batch + perTerm) * parameterCount(cell)
  const stepsBack = windows.reduce((sum, { from, to }) => sum + from - to + 1, 0)
  const gradient = isComputed ? 0 : (terms === 'sequence' ? 2 : 1) * stepsBack * ofStep
  const { credit } = options
  if (!credit) return gradient
  const cap = (credit !== true && credit.cap) || usualCap
  const stride = Math.ceil(steps / cap)
  return gradient + (readouts.reduce((sum, t) => sum + t, 0) / stride) * ofStep
}

/** What the norm of a term takes of each number in it, whatever the batch. */
const perTerm = 4
