/** A loop in a few kilobytes, however large its network and however long its sequences. */
import type { Unrolled } from '../../src'
import { finiteOrNull } from '../common/missing'
import type { Batch, Loop } from './loop'
import type { CellFacts, Figure, LoopDigest, Point, Progress, Through } from './wire'

/** Numbers along time in a digest, over all parameters; and the bars of one parameter. */
const mostNumbers = 1500
const mostBars = 200
const mostReasons = 3
const longestReason = 240
/** Validations and alerts in a digest: more in a fifth of a second are not read by anybody. */
const mostFresh = 16

/** Whether a source is held or has ended, by its id. */
export type SourceState = (source: string | undefined) => Pick<Progress, 'paused' | 'done'>

/** Everything that is kept, for an editor that begins to look. */
export const wholeOf = (loop: Loop, stateOf: SourceState): LoopDigest => ({
  ...headOf(loop, stateOf),
  points: loop.whole.points().map(short),
  validations: loop.validations.all,
  alerts: loop.alerts.all,
  ...(loop.batch && { through: throughOf(loop.batch, 1) }),
})

/**
 * What has changed since the digest before.
 *
 * @param share of the room for this loop, where several are in one message
 */
export function digestOf(loop: Loop, stateOf: SourceState, share = 1): LoopDigest {
  loop.digests += 1
  const digest: LoopDigest = {
    ...headOf(loop, stateOf),
    points: loop.fresh.points().map(short),
    validations: loop.validations.fresh.slice(-mostFresh),
    alerts: loop.alerts.fresh.slice(-mostFresh),
    ...(loop.batch && { through: throughOf(loop.batch, share) }),
  }
  loop.fresh.clear()
  loop.validations.fresh = []
  loop.alerts.fresh = []
  return digest
}

const headOf = (loop: Loop, stateOf: SourceState) => ({
  id: loop.id,
  number: loop.digests,
  begun: loop.begun,
  ...(loop.source && { source: loop.source }),
  bptt: loop.bptt,
  ...(loop.batch && { cell: factsOf(loop.batch.unrolled) }),
  progress: progressOf(loop, stateOf),
  ...(loop.figure && { figure: loop.figure }),
})

function progressOf(loop: Loop, stateOf: SourceState): Progress {
  const { step, steps, epoch, pace } = loop
  const state = stateOf(loop.source)
  const passed = performance.now() - pace.time
  if (passed >= 1000) {
    const taken = step - pace.step
    loop.pace = { time: pace.time + passed, step, rate: taken < 0 ? null : (1000 * taken) / passed }
  }
  const rate = state.paused || state.done ? null : loop.pace.rate
  return {
    step,
    ...(steps !== undefined && { steps }),
    ...(epoch !== undefined && { epoch }),
    rate: rate === null ? null : rounded(rate),
    ...state,
  }
}

const factsOf = ({ cell }: Unrolled): CellFacts => ({
  type: cell.type,
  activation: cell.activation,
  layers: cell.layers,
  bidirectional: cell.bidirectional,
  ...cell.sizes,
})

function throughOf({ unrolled, gradient, explosion }: Batch, share: number): Through {
  const { topology, steps, batch, inputSteps, readouts } = unrolled
  const names = Object.keys(gradient.terms)
  const bars = Math.max(8, Math.min(mostBars, Math.floor((share * mostNumbers) / (names.length + 2))))
  const stride = Math.ceil(steps / bars)
  const shown = names.slice(0, Math.floor(mostNumbers / 8))
  return {
    topology,
    steps,
    batch,
    inputSteps,
    readouts: [readouts[0], readouts[readouts.length - 1], readouts.length],
    stride,
    terms: Object.fromEntries(shown.map((name) => [name, largestOf(gradient.terms[name], stride)])),
    growth: largestOf(gradient.growth, stride),
    ...(gradient.reverse && { reverse: largestOf(gradient.reverse.growth, stride) }),
    state: explosion.state,
    reasons: explosion.reasons.slice(0, mostReasons).map((reason) => reason.slice(0, longestReason)),
    ...(explosion.span && { span: explosion.span }),
  }
}

/** The largest of every `stride` numbers; one that is not finite is the largest, and null. */
function largestOf(values: readonly number[], stride: number): Figure[] {
  const largest: Figure[] = []
  for (let start = 0; start < values.length; start += stride) {
    let most = values[start]
    for (let index = start; index < Math.min(start + stride, values.length); index++)
      if (!Number.isNaN(most) && !(values[index] <= most)) most = values[index]
    largest.push(rounded(most))
  }
  return largest
}

/** Four digits are more than a picture shows. */
const rounded = (value: number): Figure => {
  const finite = finiteOrNull(value)
  return finite === null ? null : Number(finite.toPrecision(4))
}

const short = ([step, ...figures]: Point): Point =>
  [step, ...figures.map((figure) => (figure === null ? null : rounded(figure)))] as Point
