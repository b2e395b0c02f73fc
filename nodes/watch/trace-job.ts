/**
 * What of a batch goes to the thread: decided before anything is copied, so that a large batch costs the event loop no
 * more than what of it is shown.
 */
import {
  type BpttOptions,
  type Gradient,
  isTensor,
  packed,
  parameterCount,
  sequenceOf,
  stateSize,
  type Tensor,
} from '../../src'
import type { Asked, TraceJob } from './trace'
import type { TraceView } from './wire'

type Given = Asked & { readonly gradient: Gradient }

/** Multiply-adds that a trace may take: about a second in plain TypeScript. */
const mostWork = 2e8
/** Rows and columns of the credit matrix. */
const mostCells = 100
/** Numbers in the factors that a person can be shown. */
const mostFactors = 30_000
/** Numbers in the states of a sequence, above which nothing is measured along it. */
const mostStates = 2000
/** Multiply-adds of a forward pass over the whole batch, above which the first sequence is checked alone. */
const mostChecked = 2e7

export const jobOf = (view: TraceView, given: Given): TraceJob => packed(jobs[view](given))

const jobs: Record<TraceView, (given: Given) => TraceJob> = {
  credit(given) {
    const { cell, batch, steps, readouts } = given.unrolled
    const recurrent = Object.entries(cell.parameters).filter(([name]) => name !== 'V' && name !== 'c')
    const learned = recurrent.reduce((sum, [, { data }]) => sum + data.length, 0)
    const pairs = cell.bidirectional ? readouts.length * steps : readouts.reduce((sum, t) => sum + t, 0)
    const ofOne = 3 * pairs * learned
    const isAffordable = ofOne * batch <= mostWork
    const tooMuch = (isAffordable ? ofOne * batch : ofOne) / mostWork
    const cap = Math.max(2, Math.floor(Math.min(mostCells, tooMuch > 1 ? steps / tooMuch : mostCells)))
    const shown = isAffordable ? whole(given) : firstOf(given)
    return { view: 'credit', ...shown, cap, sequences: shown.unrolled.batch }
  },
  sum(given) {
    const { unrolled } = given
    const pairs = unrolled.readouts.reduce((sum, t) => sum + t, 0)
    const numbers = pairs * (stateSize(unrolled) ** 2 + parameterCount(unrolled.cell))
    if (numbers > mostFactors)
      return {
        view: 'omitted',
        omitted: `the factors of this network are ${numbers} numbers, more than ${mostFactors}`,
      }
    return { view: 'sum', ...firstOf(given) }
  },
  weights({ unrolled }) {
    const isShort = stateSize(unrolled) * unrolled.steps <= mostStates
    return {
      view: 'weights',
      cell: unrolled.cell,
      ...(isShort && { unrolled: unrolled.batch === 1 ? unrolled : sequenceOf(unrolled, 0, 1) }),
    }
  },
  check(given) {
    const { unrolled, gradient } = given
    const ofOne = 2 * unrolled.steps * parameterCount(unrolled.cell)
    const isWhole = ofOne * unrolled.batch <= mostChecked
    const passes = (5 * mostWork) / Math.max(1, isWhole ? ofOne * unrolled.batch : ofOne)
    const names = Object.keys(unrolled.cell.parameters).length
    const entries = Math.max(1, Math.min(100, Math.floor(passes / (4 * names))))
    return isWhole
      ? { view: 'check', ...whole(given), gradient: gradient.parameters, entries }
      : { view: 'check', ...firstOf(given), entries }
  },
}

const whole = ({ unrolled, target, options }: Given): Asked => ({ unrolled, target, options })

/** The first sequence by itself, as a batch of one: its own loss, and not its share of the mean. */
function firstOf({ unrolled, target, options }: Given): Asked {
  if (unrolled.batch === 1) return { unrolled, target, options }
  const first: BpttOptions = {
    ...options,
    ...(options.mask !== undefined && { mask: firstRow(options.mask) }),
  }
  return { unrolled: sequenceOf(unrolled, 0, 1), target: firstRow(target), options: first }
}

function firstRow(values: unknown): unknown {
  if (Array.isArray(values)) return [values[0]]
  if (!isTensor(values)) return values
  const { shape, data } = values as Tensor
  return { ...values, shape: [1, ...shape.slice(1)], data: data.slice(0, data.length / shape[0]) }
}
