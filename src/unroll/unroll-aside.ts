/** The way forward step by step, beside the event loop where it is long. */
import { extname, join } from 'node:path'
import { type Aside, aside } from '../kernel/pool/aside'
import { parameterCount } from '../rnn-cell/cell'
import { type Computed, forwardBySteps } from './by-steps'
import { type FeedingOptions, feedingOf, teacherOf } from './feeding'
import type { Run } from './prepare'
import type { Fed } from './unrolled'

export interface ForwardJob {
  readonly run: Omit<Run, 'feeding'>
  readonly feeding?: FeedingOptions
}

export interface Stepped {
  readonly computed: Computed
  /** what the steps were fed, now that they were taken */
  readonly fed?: Fed
}

export function stepForward({ run, feeding: options }: ForwardJob): Stepped {
  const { cell, topology, plan, batch } = run
  const feeding = options && feedingOf(cell, topology, plan, batch, options)
  const computed = forwardBySteps({ ...run, ...(feeding && { feeding }) })
  return { computed, ...(feeding && { fed: feeding.fed }) }
}

const filename = join(__dirname, `unroll-worker${extname(__filename)}`)
/** @internal its speed is set by tests */
export const forward: Aside<ForwardJob, Stepped> = aside(filename, stepForward)

/** @param options what was read of them is in `run`, but what is fed is drawn again */
export function forwardAside(
  { feeding, ...run }: Run,
  options: FeedingOptions,
  signal?: AbortSignal,
): Stepped | Promise<Stepped> {
  const { cell, plan, batch } = run
  const { feed, teacherForcing, seed } = options
  const job: ForwardJob = {
    run,
    ...(feeding && { feeding: { feed, teacherForcing, seed, targets: teacherOf(options, cell) } }),
  }
  return forward.do(job, plan.steps * batch * parameterCount(cell), signal)
}
