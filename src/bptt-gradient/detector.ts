/**
 * Says whether a gradient explodes or vanishes over time, and where (Pascanu, Mikolov & Bengio 2013; Bengio,
 * Simard & Frasconi 1994). It looks at what each step back does to the gradient it carries: multiplied over a
 * span that is the growth of ∂L/∂h over the span, even where later losses hide an earlier one's decay.
 */
import { ExpectedError, numberIn } from '../expected'
import type { Gradient } from './bptt-gradient'
import type { Nonfinite } from './nonfinite'

export interface DetectorOptions {
  /** exploding when the gradient's norm is above it; default 100 */
  normThreshold?: number
  /** exploding when some span multiplies what it carries by more; default 1000 */
  growthThreshold?: number
  /** vanishing when some span multiplies what it carries by less; default 1e-7, the precision of a float32 */
  vanishingThreshold?: number
}

export type ExplosionState = 'ok' | 'vanishing' | 'exploding' | 'nonfinite'

export interface Explosion {
  readonly state: ExplosionState
  /** in words, one for each threshold that was crossed */
  readonly reasons: string[]
  /** [first, last]: what is carried from the state at step `last` back to that at `first` is to blame, if it is growth along time */
  readonly span?: [number, number]
  /** the gradient's Euclidean norm */
  readonly norm: number
  /** the mean factor of one step back over the whole sequence: above 1 it grows, below 1 it shrinks */
  readonly growth: number
  readonly nonfinite?: Nonfinite
}

/** @throws ExpectedError for a threshold out of its range */
export function detectExplosion(gradient: Gradient, options: DetectorOptions = {}): Explosion {
  const normThreshold = numberIn('normThreshold', options.normThreshold ?? 100, { min: 0, above: true })
  const growthThreshold = numberIn('growthThreshold', options.growthThreshold ?? 1000, {
    min: 1,
    above: true,
  })
  const vanishingThreshold = numberIn('vanishingThreshold', options.vanishingThreshold ?? 1e-7, { min: 0 })
  if (vanishingThreshold >= 1) throw new ExpectedError('vanishingThreshold below 1', `${vanishingThreshold}`)

  const { norm, carry, nonfinite } = gradient
  const growth = carry.length === 0 ? 1 : Math.exp(carry.reduce((sum, step) => sum + step, 0) / carry.length)
  if (nonfinite) return { state: 'nonfinite', reasons: [nonfiniteReason(nonfinite)], norm, growth, nonfinite }

  const rise = steepestSpan(carry)
  const fall = steepestSpan(carry.map((step) => -step))
  const exploding: string[] = []
  if (norm > normThreshold) exploding.push(`the gradient's norm ${show(norm)} is above ${normThreshold}`)
  const rises = rise.total > Math.log(growthThreshold)
  if (rises)
    exploding.push(`from step ${rise.last} back to ${rise.first} the gradient grows ${times(rise.total)}`)
  if (exploding.length > 0)
    return {
      state: 'exploding',
      reasons: exploding,
      ...(rises && { span: [rise.first, rise.last] }),
      norm,
      growth,
    }

  if (fall.total > -Math.log(vanishingThreshold))
    return {
      state: 'vanishing',
      reasons: [`from step ${fall.last} back to ${fall.first} the gradient shrinks ${times(fall.total)}`],
      span: [fall.first, fall.last],
      norm,
      growth,
    }
  return { state: 'ok', reasons: [], norm, growth }
}

/** What went bad first, in words. */
export function nonfiniteReason({ tensor, step }: Nonfinite): string {
  const names: Record<string, string> = { h: 'the hidden state h', o: 'the output o', L: 'the loss' }
  const what = names[tensor] ?? `the gradient of ${tensor}`
  return `${what} is not finite${step === undefined ? '' : ` from step ${step} on`}`
}

/**
 * The run of steps back with the largest sum (Kadane's algorithm), from state `last` back to state `first`. Entry 0 is
 * the step from state 2 back to state 1.
 */
function steepestSpan(logs: readonly number[]): { total: number; first: number; last: number } {
  let best = { total: 0, first: 0, last: 0 }
  let total = 0
  let first = 1
  logs.forEach((step, index) => {
    if (total <= 0) {
      total = 0
      first = index + 1
    }
    total += step
    if (total > best.total) best = { total, first, last: index + 2 }
  })
  return best
}

const show = (value: number): string => Number(value.toPrecision(3)).toString()

/** A factor given as its natural logarithm, in words: it may be far outside of floating point. */
function times(logFactor: number): string {
  if (logFactor === Number.POSITIVE_INFINITY) return 'to exactly zero'
  const decades = logFactor / Math.LN10
  return decades < 6 ? `${show(Math.exp(logFactor))}-fold` : `10^${decades.toFixed(1)}-fold`
}
