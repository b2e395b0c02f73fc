/** The detector in the dialog of bptt-gradient as options of the library. */
import type { DetectorOptions, SignalName } from '../../src'
import { numberField } from '../common/fields'

export interface DetectorConfig {
  watchNonfinite?: boolean
  watchNorm?: boolean
  normThreshold?: string
  watchSpike?: boolean
  spikeThreshold?: string
  spikeFactor?: string
  spikeWarmup?: string
  watchGrowth?: boolean
  growthThreshold?: string
  watchVanishing?: boolean
  vanishingThreshold?: string
  watchSlope?: boolean
  slopeGrowthThreshold?: string
  slopeVanishingThreshold?: string
  watchRatio?: boolean
  ratioThreshold?: string
  leaveBelow?: string
  leaveAfter?: string
}

/** Of a signal that is switched off the thresholds are not read: they are hidden. */
export function readDetectorOptions(config: DetectorConfig): DetectorOptions {
  const enable = {
    nonfinite: config.watchNonfinite ?? true,
    norm: config.watchNorm ?? true,
    spike: config.watchSpike ?? true,
    growth: config.watchGrowth ?? true,
    vanishing: config.watchVanishing ?? true,
    slope: config.watchSlope ?? true,
    ratio: config.watchRatio ?? true,
  } satisfies Record<SignalName, boolean>
  return {
    enable,
    ...(enable.norm && { normThreshold: numberField('norm threshold', config.normThreshold) }),
    ...(enable.spike && {
      spikeThreshold: numberField('spike threshold', config.spikeThreshold),
      spikeFactor: numberField('spike factor', config.spikeFactor),
      spikeWarmup: numberField('spike warm-up', config.spikeWarmup),
    }),
    ...(enable.growth && { growthThreshold: numberField('growth threshold', config.growthThreshold) }),
    ...(enable.vanishing && {
      vanishingThreshold: numberField('vanishing threshold', config.vanishingThreshold),
    }),
    ...(enable.slope && {
      slopeGrowthThreshold: numberField('slope threshold of growth', config.slopeGrowthThreshold),
      slopeVanishingThreshold: numberField('slope threshold of vanishing', config.slopeVanishingThreshold),
    }),
    ...(enable.ratio && { ratioThreshold: numberField('ratio threshold', config.ratioThreshold) }),
    leaveBelow: numberField('leave below', config.leaveBelow),
    leaveAfter: numberField('leave after', config.leaveAfter),
  }
}
