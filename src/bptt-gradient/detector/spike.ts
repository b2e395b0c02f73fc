/**
 * Spikes of the gradient's norm: the z-score of its logarithm against a running mean and variance, as ZClip has it for
 * the norm itself (Kumar et al. 2025, arXiv:2504.02507, with z = 2.5). The warm-up gives the first mean and variance. After
 * it they follow as exponential averages of what is left of a norm when its excess above the threshold is cut off, so
 * that a spike does not make the next one look usual.
 */
import type { Finding } from './finding'
import type { Settings } from './options'
import { show } from './words'

export interface SpikeState {
  /** norms seen so far */
  readonly count: number
  /** of the natural logarithm of the norm */
  readonly mean: number
  readonly variance: number
}

/**
 * In a steady run every small change is many deviations; one of less than this is not counted as one. At the usual
 * threshold of 4 a spike is then at least e^1.6, some five times the usual norm.
 */
const leastDeviation = 0.4

const deviation = ({ variance }: SpikeState) => Math.max(Math.sqrt(variance), leastDeviation)

/** @returns nothing in the warm-up, and nothing for a norm of 0, which has no logarithm */
export function spikeFinding(
  state: SpikeState,
  norm: number,
  { spikeThreshold: threshold, spikeWarmup }: Settings,
): Finding[] {
  if (state.count < spikeWarmup || norm === 0) return []
  const value = (Math.log(norm) - state.mean) / deviation(state)
  return [
    {
      signal: 'spike',
      condition: 'exploding',
      value,
      threshold,
      crossed: value > threshold,
      score: Math.max(0, value / threshold),
      reason: () =>
        `the gradient's norm ${show(norm)} is a spike: ${show(value)} standard deviations above the usual ${show(Math.exp(state.mean))}`,
    },
  ]
}

/** The statistics with one more norm. */
export function followNorm(
  state: SpikeState,
  norm: number,
  { spikeThreshold, spikeFactor, spikeWarmup }: Settings,
): SpikeState {
  if (norm === 0) return state
  const log = Math.log(norm)
  const count = state.count + 1
  if (state.count < spikeWarmup) {
    const mean = state.mean + (log - state.mean) / count
    const variance = state.variance + ((log - state.mean) * (log - mean) - state.variance) / count
    return { count, mean, variance }
  }
  const limited = Math.min(log, state.mean + spikeThreshold * deviation(state))
  const mean = spikeFactor * state.mean + (1 - spikeFactor) * limited
  const variance = spikeFactor * state.variance + (1 - spikeFactor) * (limited - mean) ** 2
  return { count, mean, variance }
}
