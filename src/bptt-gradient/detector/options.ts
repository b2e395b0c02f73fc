/** The detector's signals, their switches and their thresholds, checked in one place. */
import { describe, ExpectedError, numberIn, oneOf } from '../../expected'

export const signalNames = ['nonfinite', 'norm', 'spike', 'growth', 'vanishing', 'slope', 'ratio'] as const
export type SignalName = (typeof signalNames)[number]

export interface DetectorOptions {
  /** the switch of each signal; all are on by default */
  enable?: Partial<Record<SignalName, boolean>>
  /** norm: exploding when the gradient's norm is above it; default 100 */
  normThreshold?: number
  /** spike: exploding when the logarithm of the norm is more standard deviations above its running mean; default 4 */
  spikeThreshold?: number
  /** spike: the share that mean and variance keep of themselves with each gradient; default 0.97 */
  spikeFactor?: number
  /** spike: so many gradients are only learned from; default 25 */
  spikeWarmup?: number
  /** growth: exploding when some span multiplies what it carries by more; default 1000 */
  growthThreshold?: number
  /** vanishing: vanishing when some span multiplies what it carries by less; default 1e-7, the precision of a float32 */
  vanishingThreshold?: number
  /** slope: exploding when one step back multiplies by more, on average over at least 10 steps; default 1.5 */
  slopeGrowthThreshold?: number
  /** slope: vanishing when one step back multiplies by less, on average over at least 10 steps; default 0.25 */
  slopeVanishingThreshold?: number
  /** ratio: vanishing when the early terms are less than this share of the late ones; default 1e-7, lost in a float32 sum */
  ratioThreshold?: number
  /** hysteresis: a state is left only when the score of each of its signals is below this; default 0.7, at most 1 */
  leaveBelow?: number
  /** hysteresis: and was so for this many gradients in a row; default 5 */
  leaveAfter?: number
}

export type Settings = Required<Omit<DetectorOptions, 'enable'>> & {
  readonly enable: Readonly<Record<SignalName, boolean>>
}

/** @throws ExpectedError for an option out of its range */
export const settingsOf = (options: DetectorOptions): Settings => ({
  enable: switchesOf(options.enable ?? {}),
  normThreshold: positive('normThreshold', options.normThreshold ?? 100),
  spikeThreshold: positive('spikeThreshold', options.spikeThreshold ?? 4),
  spikeFactor: fraction('spikeFactor', options.spikeFactor ?? 0.97),
  spikeWarmup: count('spikeWarmup', options.spikeWarmup ?? 25),
  growthThreshold: above1('growthThreshold', options.growthThreshold ?? 1000),
  vanishingThreshold: fraction('vanishingThreshold', options.vanishingThreshold ?? 1e-7),
  slopeGrowthThreshold: above1('slopeGrowthThreshold', options.slopeGrowthThreshold ?? 1.5),
  slopeVanishingThreshold: fraction('slopeVanishingThreshold', options.slopeVanishingThreshold ?? 0.25),
  ratioThreshold: fraction('ratioThreshold', options.ratioThreshold ?? 1e-7),
  leaveBelow: numberIn('leaveBelow', options.leaveBelow ?? 0.7, { min: 0, above: true, max: 1 }),
  leaveAfter: count('leaveAfter', options.leaveAfter ?? 5),
})

const positive = (name: string, value: unknown) => numberIn(name, value, { min: 0, above: true })
const above1 = (name: string, value: unknown) => numberIn(name, value, { min: 1, above: true })
const count = (name: string, value: unknown) => numberIn(name, value, { min: 1, integer: true })

function fraction(name: string, value: unknown): number {
  const checked = numberIn(name, value, { min: 0 })
  if (checked >= 1) throw new ExpectedError(`${name} below 1`, `${checked}`)
  return checked
}

function switchesOf(given: Partial<Record<SignalName, boolean>>): Record<SignalName, boolean> {
  for (const [name, on] of Object.entries(given)) {
    oneOf('a signal', name, signalNames)
    if (on !== undefined && typeof on !== 'boolean')
      throw new ExpectedError(`enable.${name} to be true or false`, describe(on))
  }
  return Object.fromEntries(signalNames.map((name) => [name, given[name] ?? true])) as Record<
    SignalName,
    boolean
  >
}
