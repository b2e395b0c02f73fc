/** AutoClip (Seetharaman, Wichern, Pardo & Le Roux 2020): the threshold is a percentile of the norms seen so far. */
import { shrinkage } from './change'
import type { ClipSettings } from './options'

export interface AutoClipState {
  readonly rule: 'auto-clip'
  /** the latest norms before clipping, oldest first */
  readonly history: readonly number[]
}

export interface AutoClipStep {
  readonly coefficient: number
  readonly threshold: number
  readonly state: AutoClipState
}

/**
 * η = the percentile of the history, this norm included; h = min(1, η / ‖g‖).
 *
 * @param norm finite
 */
export function autoClip(
  norm: number,
  state: AutoClipState,
  { percentile, historySize, epsilon }: Pick<ClipSettings, 'percentile' | 'historySize' | 'epsilon'>,
): AutoClipStep {
  const history = [...state.history, norm].slice(-historySize)
  const threshold = percentileOf(history, percentile)
  return {
    coefficient: shrinkage(norm, threshold, epsilon),
    threshold,
    state: { rule: 'auto-clip', history },
  }
}

/** With straight lines between the sorted numbers, as numpy.percentile has it. */
function percentileOf(numbers: readonly number[], percentile: number): number {
  const sorted = Float64Array.from(numbers).sort()
  const position = (percentile / 100) * (sorted.length - 1)
  const below = sorted[Math.floor(position)]
  const above = sorted[Math.ceil(position)]
  return below + (above - below) * (position % 1)
}
