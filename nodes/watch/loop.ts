/** What is remembered of one training loop, in memory that does not grow: a curve, and the latest batch as it passed. */
import type { BpttOptions, Explosion, ExplosionState, Gradient, Unrolled } from '../../src'
import type { RnnMessage } from '../common/message'
import { type Curve, curve } from './curve'
import type { Alert, Point, Validation } from './wire'

/** A training batch as bptt-gradient had it. Values that nobody changes: keeping them costs no copy. */
export interface Batch {
  readonly step: number
  readonly unrolled: Unrolled
  readonly target: unknown
  readonly options: BpttOptions
  readonly gradient: Gradient
  readonly explosion: Explosion
}

export interface Loop {
  readonly id: string
  bptt: string
  source?: string
  /** starts from the beginning since the process started */
  begun: number
  /** of the source, whose steps are counted from `offset` on */
  run?: string
  offset: number
  step: number
  steps?: number
  epoch?: number
  /** the point of the step that is under way: clip-gradient and optimizer add to it */
  open?: Point
  readonly whole: Curve<Point>
  /** since the last digest */
  readonly fresh: Curve<Point>
  readonly validations: Recent<Validation>
  readonly alerts: Recent<Alert>
  figure?: 'rmse' | 'accuracy'
  state: ExplosionState
  batch?: Batch
  /** when the latest batch passed */
  passedAt: number
  digests: number
  pace: { time: number; step: number; rate: number | null }
}

/** The latest of a kind, and of them those since the last digest. */
export interface Recent<P> {
  all: P[]
  fresh: P[]
}

const mostPoints = 1000
const mostFresh = 48
const mostRecent = 500

const normOf = ([, , norm]: Point): number => norm ?? Number.NaN

export const newLoop = (id: string, bptt: string): Loop => ({
  id,
  bptt,
  begun: 1,
  offset: 0,
  step: 0,
  whole: curve(mostPoints, normOf),
  fresh: curve(mostFresh, normOf),
  validations: { all: [], fresh: [] },
  alerts: { all: [], fresh: [] },
  state: 'ok',
  passedAt: Number.NEGATIVE_INFINITY,
  digests: 0,
  pace: { time: performance.now(), step: 0, rate: null },
})

/** Training starts again: the curve of before is over. */
function beginAgain(loop: Loop): void {
  loop.begun += 1
  loop.offset = 0
  loop.step = 0
  loop.open = undefined
  loop.whole.clear()
  loop.fresh.clear()
  for (const recent of [loop.validations, loop.alerts]) {
    recent.all = []
    recent.fresh = []
  }
  loop.figure = undefined
  loop.state = 'ok'
  loop.pace = { time: performance.now(), step: 0, rate: null }
}

/** The step of a message in its loop, which goes on counting when a source starts anew without a reset. */
export function takeStep(loop: Loop, { sequence, reset }: RnnMessage): number {
  const { run, step, steps, epoch } = sequence ?? {}
  if (reset) beginAgain(loop)
  else if (run !== undefined && run !== loop.run) loop.offset = loop.step
  if (run !== undefined) {
    loop.run = run
    // the id of the source, a point, and which of its starts
    loop.source = run.slice(0, run.lastIndexOf('.'))
  }
  loop.steps = steps === undefined ? undefined : loop.offset + steps
  loop.epoch = epoch
  loop.step = step === undefined ? loop.step + 1 : loop.offset + step
  return loop.step
}

export function addRecent<P>({ all, fresh }: Recent<P>, one: P): void {
  for (const list of [all, fresh]) {
    list.push(one)
    if (list.length > mostRecent) list.shift()
  }
}

/** The step is over: nothing is added to its point any more. */
export function closePoint(loop: Loop): void {
  if (!loop.open) return
  loop.whole.add(loop.open)
  loop.fresh.add(loop.open)
  loop.open = undefined
}
