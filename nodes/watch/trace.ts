/** What the editor asks about one batch in full: computed when somebody looks, and away from the event loop. */
import {
  type BpttOptions,
  bpttGradient,
  type Cell,
  type Credit,
  ExpectedError,
  type Factors,
  type GradientCheck,
  gradientCheck,
  type Parameters,
  toNested,
  type Unrolled,
} from '../../src'
import type { MessageSpectrum } from '../common/message'
import { type Plain, plain } from '../common/plain'
import { spectrumOf, spectrumOfCell } from '../common/spectrum-message'
import { type Picture, pictureOf } from './matrix'

export interface Asked {
  readonly unrolled: Unrolled
  readonly target: unknown
  readonly options: BpttOptions
}

/** A batch as far as a view needs it. */
export type TraceJob =
  | { readonly view: 'omitted'; readonly omitted: string }
  | { readonly view: 'weights'; readonly cell: Cell; readonly unrolled?: Unrolled }
  | (Asked & { readonly view: 'sum' })
  | (Asked & { readonly view: 'credit'; readonly cap: number; readonly sequences: number })
  | (Asked & { readonly view: 'check'; readonly entries: number; readonly gradient?: Parameters })

type JobOf<View> = Extract<TraceJob, { view: View }>

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

export interface CheckTrace extends Plain<GradientCheck> {
  /** all of the batch, or the first alone */
  readonly sequences: number
}

export interface TimedTrace {
  readonly trace: object
  /** what it took, without the way to the thread and back */
  readonly milliseconds: number
}

export function timedTrace(job: TraceJob): TimedTrace {
  const begun = performance.now()
  const trace = traceOf(job)
  return { trace, milliseconds: performance.now() - begun }
}

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
  if (job.view === 'omitted') return { omitted: job.omitted }
  if (job.view === 'credit') return creditTrace(job)
  if (job.view === 'sum') return sumTrace(job)
  return job.view === 'weights' ? weightsTrace(job) : checkTrace(job)
}

function creditTrace({ unrolled, target, options, cap, sequences }: JobOf<'credit'>): CreditTrace {
  const { credit } = bpttGradient(unrolled, target, { ...options, credit: { cap } })
  const { norms, ...rest } = credit as Credit
  return { ...rest, norms: plain(norms), sequences }
}

function sumTrace({ unrolled, target, options }: JobOf<'sum'>): SumTrace | Omitted {
  const { factors, loss, parameters } = bpttGradient(unrolled, target, {
    ...options,
    regularizer: undefined,
    factors: true,
  })
  if (!factors || 'omitted' in factors) return factors ?? { omitted: '' }
  const all = Object.entries(parameters)
  return {
    loss: plain(loss),
    factors: plain(factors),
    gradient: Object.fromEntries(all.map(([name, tensor]) => [name, toNested(tensor) as number[][]])),
    difference: plain(
      Object.fromEntries(
        all.map(([name, { data }]) => [name, relativeDifference([factors.sum[name]].flat(2), data)]),
      ),
    ),
  }
}

function relativeDifference(sum: readonly number[], gradient: ArrayLike<number>): number {
  const size = Math.hypot(...Array.from(gradient))
  const difference = Math.hypot(...sum.map((value, index) => value - gradient[index]))
  return size === 0 ? difference : difference / size
}

function weightsTrace({ cell, unrolled }: JobOf<'weights'>): WeightsTrace {
  const matrices = Object.entries(cell.parameters).filter(([, { shape }]) => shape.length === 2)
  return {
    ...(unrolled ? spectrumOf(unrolled) : spectrumOfCell(cell)),
    matrices: Object.fromEntries(matrices.map(([name, tensor]) => [name, pictureOf(tensor)])),
  }
}

function checkTrace({ unrolled, target, options, gradient, entries }: JobOf<'check'>): CheckTrace {
  const own = gradient ?? bpttGradient(unrolled, target, options).parameters
  const checked = gradientCheck(unrolled, target, own, { ...options, entries })
  return { ...plain(checked), sequences: unrolled.batch }
}
