/** What the editor asks about one batch in full: computed when somebody looks, and away from the event loop. */
import {
  type BpttOptions,
  bpttGradient,
  type Credit,
  ExpectedError,
  type Factors,
  type Gradient,
  type GradientCheck,
  gradientCheck,
  isTensor,
  type Parameters,
  sequenceOf,
  stateSize,
  type Tensor,
  toNested,
  type Unrolled,
} from '../../src'
import type { MessageSpectrum } from '../common/message'
import { type Plain, plain } from '../common/plain'
import { spectrumOf } from '../common/spectrum-message'
import { type Picture, pictureOf } from './matrix'
import type { TraceView } from './wire'

/** A batch as far as a trace needs it. */
export interface TraceJob {
  readonly view: TraceView
  readonly unrolled: Unrolled
  readonly target: unknown
  readonly options: BpttOptions
  readonly gradient: Parameters
}

export interface Omitted {
  /** why there is nothing to show, in words */
  readonly omitted: string
}

export interface CreditTrace extends Omit<Credit, 'norms'> {
  readonly norms: Plain<Credit['norms']>
  /** sequences whose terms were added up: all of the batch, or the first alone where all would take too long */
  readonly sequences: number
}

export interface SumTrace {
  /** L of the first sequence by itself */
  readonly loss: number | null
  readonly factors: Plain<Factors>
  /** its gradient as the kernels compute it, which know nothing of terms */
  readonly gradient: Record<string, number[] | number[][]>
  /** ‖Σ terms - gradient‖ / ‖gradient‖ by parameter */
  readonly difference: Record<string, number | null>
}

export interface WeightsTrace extends MessageSpectrum {
  readonly matrices: Record<string, Picture>
}

export type CheckTrace = Plain<GradientCheck>

/** @returns what the view shows, or in words why there is nothing */
export function traceOf(job: TraceJob): object {
  try {
    return viewOf(job)
  } catch (error) {
    if (error instanceof ExpectedError) return { omitted: error.message }
    throw error
  }
}

function viewOf(job: TraceJob): object {
  if (job.view === 'credit') return creditTrace(job)
  if (job.view === 'sum') return sumTrace(job)
  if (job.view === 'weights') return weightsTrace(job)
  return checkTrace(job)
}

/** Multiply-adds that a trace may take: about a second in plain TypeScript. */
const mostWork = 2e8
/** Rows and columns of the matrix. */
const mostCells = 100

function creditTrace({ unrolled, target, options }: TraceJob): CreditTrace {
  const { cell, batch, steps, readouts } = unrolled
  const recurrent = Object.entries(cell.parameters).filter(([name]) => name !== 'V' && name !== 'c')
  const learned = recurrent.reduce((sum, [, { data }]) => sum + data.length, 0)
  const pairs = cell.bidirectional ? readouts.length * steps : readouts.reduce((sum, t) => sum + t, 0)
  const ofOne = 3 * pairs * learned
  const isAffordable = ofOne * batch <= mostWork
  const shown = isAffordable ? { unrolled, target, options } : firstOf({ unrolled, target, options })
  const tooMuch = (isAffordable ? ofOne * batch : ofOne) / mostWork
  const cap = Math.max(2, Math.floor(Math.min(mostCells, tooMuch > 1 ? steps / tooMuch : mostCells)))
  const { credit } = bpttGradient(shown.unrolled, shown.target, { ...shown.options, credit: { cap } })
  const { norms, ...rest } = credit as Credit
  return { ...rest, norms: plain(norms), sequences: isAffordable ? batch : 1 }
}

/** Numbers in the factors that a person can be shown. */
const mostFactors = 30_000

function sumTrace(job: TraceJob): SumTrace | Omitted {
  const { unrolled, target, options } = firstOf(job)
  const { cell, readouts } = unrolled
  const learned = Object.values(cell.parameters).reduce((sum, { data }) => sum + data.length, 0)
  const numbers = readouts.reduce((sum, t) => sum + t, 0) * (stateSize(unrolled) ** 2 + learned)
  if (numbers > mostFactors)
    return { omitted: `the factors of this network are ${numbers} numbers, more than ${mostFactors}` }
  const { factors, loss, parameters } = bpttGradient(unrolled, target, {
    ...options,
    regularizer: undefined,
    factors: true,
  })
  if (!factors || 'omitted' in factors) return factors ?? { omitted: '' }
  return {
    loss: plain(loss),
    factors: plain(factors),
    gradient: Object.fromEntries(
      Object.entries(parameters).map(([name, tensor]) => [name, toNested(tensor) as number[][]]),
    ),
    difference: plain(
      Object.fromEntries(
        Object.entries(parameters).map(([name, { data }]) => [
          name,
          relativeDifference([factors.sum[name]].flat(2), data),
        ]),
      ),
    ),
  }
}

function relativeDifference(sum: readonly number[], gradient: ArrayLike<number>): number {
  const size = Math.hypot(...Array.from(gradient))
  const difference = Math.hypot(...sum.map((value, index) => value - gradient[index]))
  return size === 0 ? difference : difference / size
}

function weightsTrace({ unrolled }: TraceJob): WeightsTrace {
  const matrices = Object.entries(unrolled.cell.parameters).filter(([, { shape }]) => shape.length === 2)
  return {
    ...spectrumOf(unrolled),
    matrices: Object.fromEntries(matrices.map(([name, tensor]) => [name, pictureOf(tensor)])),
  }
}

function checkTrace({ unrolled, target, options, gradient }: TraceJob): CheckTrace {
  const { cell, steps, batch } = unrolled
  const names = Object.keys(cell.parameters)
  const learned = names.reduce((sum, name) => sum + cell.parameters[name].data.length, 0)
  const passes = (10 * mostWork) / Math.max(1, 2 * steps * batch * learned)
  const entries = Math.max(2, Math.min(100, Math.floor(passes / (4 * names.length))))
  return plain(gradientCheck(unrolled, target, gradient, { ...options, entries }))
}

type Asked = Pick<TraceJob, 'unrolled' | 'target' | 'options'>

/** The first sequence by itself, as a batch of one: its own loss, and not its share of the mean. */
function firstOf({ unrolled, target, options }: Asked): Asked {
  if (unrolled.batch === 1) return { unrolled, target, options }
  return {
    unrolled: sequenceOf(unrolled, 0, 1),
    target: firstRow(target),
    options: { ...options, ...(options.mask !== undefined && { mask: firstRow(options.mask) }) },
  }
}

function firstRow(values: unknown): unknown {
  if (Array.isArray(values)) return [values[0]]
  if (!isTensor(values)) return values
  const { shape, data } = values as Tensor
  return { ...values, shape: [1, ...shape.slice(1)], data: data.slice(0, data.length / shape[0]) }
}

/** What of a batch goes to a thread. */
export function jobOf(
  view: TraceView,
  { unrolled, target, options, gradient }: Asked & { gradient: Gradient },
): TraceJob {
  const packed = packing()
  return {
    view,
    unrolled: packed(unrolled),
    target: packed(target),
    options: packed(options),
    gradient: view === 'check' ? packed(gradient.parameters) : {},
  }
}

/** Copies of just the numbers, not of all the memory that they lie in; what was the same object is so again. */
function packing(): <T>(value: T) => T {
  const made = new Map<unknown, unknown>()
  const pack = (value: unknown): unknown => {
    if (ArrayBuffer.isView(value)) return (value as Float64Array).slice()
    if (Array.isArray(value)) return isPlain(value[0]) ? value.map(packed) : value
    return Object.fromEntries(Object.entries(value as object).map(([name, own]) => [name, packed(own)]))
  }
  function packed<T>(value: T): T {
    if (typeof value !== 'object' || value === null) return value
    if (!made.has(value)) made.set(value, pack(value))
    return made.get(value) as T
  }
  return packed
}

const isPlain = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
