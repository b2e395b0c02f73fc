/**
 * Says whether a gradient explodes or vanishes over time, and where. `detectExplosion` judges one gradient by itself;
 * a `detector` remembers those before: it finds spikes too, and its state does not flap.
 */
import {
  type Explosion,
  explosionOf,
  type Observed,
  type SpectralInformation,
  spectralOf,
} from './detector/explosion'
import type { Condition } from './detector/finding'
import { nextLatch } from './detector/hysteresis'
import { judge } from './detector/judge'
import { type DetectorOptions, settingsOf } from './detector/options'
import { followNorm, spikeFinding } from './detector/spike'
import { checkedState, type DetectorState, freshState } from './detector/state'

export type {
  Explosion,
  ExplosionState,
  Observed,
  Signal,
  SpectralInformation,
} from './detector/explosion'
export { type DetectorOptions, type SignalName, signalNames } from './detector/options'
export type { DetectorState } from './detector/state'
export { nonfiniteReason } from './detector/words'

export interface Detector {
  /**
   * Judges the next gradient of a run. Growth along time and the norm count at once, spikes after the warm-up; not
   * finite begins and ends at once. exploding and vanishing end when all is clearly calm for some gradients.
   *
   * @param info spectral measures of the recurrent matrix, which go into the result as they are
   */
  observe(gradient: Observed, info?: { readonly spectral?: SpectralInformation }): Explosion
  /** What `detector(options, state)` continues from, bit for bit; safe in JSON. */
  state(): DetectorState
}

/**
 * @param state of an earlier detector
 * @throws ExpectedError for an option out of its range, or for something that is no state
 */
export function detector(options: DetectorOptions = {}, state: DetectorState = freshState): Detector {
  const settings = settingsOf(options)
  let { spike, exploding, vanishing } = checkedState(state)

  const judgeNext = (gradient: Observed): Explosion => {
    if (gradient.nonfinite) {
      exploding = { ...exploding, calm: 0 }
      vanishing = { ...vanishing, calm: 0 }
      return explosionOf(gradient, [], { exploding, vanishing }, settings)
    }
    const findings = judge(gradient, settings)
    if (settings.enable.spike) {
      findings.push(...spikeFinding(spike, gradient.norm, settings))
      spike = followNorm(spike, gradient.norm, settings)
    }
    const about = (condition: Condition) => findings.filter((finding) => finding.condition === condition)
    exploding = nextLatch(exploding, about('exploding'), settings)
    vanishing = nextLatch(vanishing, about('vanishing'), settings)
    return explosionOf(gradient, findings, { exploding, vanishing }, settings)
  }

  return {
    observe: (gradient, { spectral } = {}) => ({
      ...judgeNext(gradient),
      ...(spectral && { spectral: spectralOf(spectral) }),
    }),
    state: () => ({ spike, exploding, vanishing }),
  }
}

/**
 * Judges one gradient by itself: no spike, and no state that still holds.
 *
 * @throws ExpectedError for an option out of its range
 */
export const detectExplosion = (gradient: Observed, options: DetectorOptions = {}): Explosion =>
  detector(options).observe(gradient)
