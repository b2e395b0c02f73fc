/** ZClip (Kumar, Owen, Roy Chowdhury & Güra 2025): a norm far above its running mean is brought close to it. */
import { norm as euclidean } from '../tensor/norm'
import { shrinkage } from './change'
import type { ClipSettings } from './options'

export interface ZClipState {
  readonly rule: 'z-clip'
  /** the norms of the warm-up; empty once it is over */
  readonly norms: readonly number[]
  /** missing during the warm-up */
  readonly statistics?: Statistics
}

interface Statistics {
  /** μ */
  readonly mean: number
  /** σ */
  readonly deviation: number
}

export interface ZClipStep {
  readonly coefficient: number
  /** what the norm was brought down to, or else the level that it did not pass; missing during the warm-up */
  readonly threshold?: number
  readonly state: ZClipState
}

/**
 * A norm of z = (‖g‖ - μ) / σ above z_thres is brought down to μ + z* σ with z* = z_thres² / z (reciprocal clipping).
 * Then μ ← α μ + (1-α) ‖g‖ and σ² ← α σ² + (1-α) (‖g‖ - μ)², with the norm after clipping. The warm-up clips
 * nothing; mean and variance of its norms are where μ and σ² start.
 *
 * @param norm finite
 */
export function zClip(
  norm: number,
  { norms, statistics }: ZClipState,
  settings: Pick<ClipSettings, 'alpha' | 'zThreshold' | 'warmup' | 'epsilon'>,
): ZClipStep {
  if (!statistics) return { coefficient: 1, state: warmedUp([...norms, norm], settings.warmup) }
  const { alpha, zThreshold, epsilon } = settings
  const { mean, deviation } = statistics
  const reach = zThreshold * (deviation + epsilon)
  const isSpike = norm - mean > reach
  const threshold = mean + (isSpike ? zThreshold * deviation * (reach / (norm - mean)) : reach)
  return {
    coefficient: isSpike ? shrinkage(norm, threshold, epsilon) : 1,
    threshold,
    state: {
      rule: 'z-clip',
      norms: [],
      statistics: advance(statistics, isSpike ? threshold : norm, alpha),
    },
  }
}

function warmedUp(norms: readonly number[], warmup: number): ZClipState {
  if (norms.length < warmup) return { rule: 'z-clip', norms }
  const mean = norms.reduce((sum, norm) => sum + norm / norms.length, 0)
  const deviation = euclidean(Float64Array.from(norms, (norm) => norm - mean)) / Math.sqrt(norms.length)
  return { rule: 'z-clip', norms: [], statistics: { mean, deviation } }
}

/** σ itself is carried, not σ²: the square of a large norm overflows. */
function advance({ mean, deviation }: Statistics, norm: number, alpha: number): Statistics {
  const next = alpha * mean + (1 - alpha) * norm
  return {
    mean: next,
    deviation: Math.hypot(Math.sqrt(alpha) * deviation, Math.sqrt(1 - alpha) * (norm - next)),
  }
}
