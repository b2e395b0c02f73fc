/** What the detector says: all findings about a gradient and the state they make, as plain values. */
import type { Nonfinite } from '../nonfinite'
import type { Condition, Finding } from './finding'
import type { Judged } from './judge'
import type { Settings, SignalName } from './options'
import type { DetectorState } from './state'
import { nonfiniteReason } from './words'

export type ExplosionState = 'ok' | 'vanishing' | 'exploding' | 'nonfinite'

export interface Signal {
  /**
   * norm: the norm; spike: its z-score; growth, vanishing and ratio: a factor, slope: the factor of one step back, both
   * as natural logarithms. null: there is no such number, as for a logarithm of zero.
   */
  readonly value: number | null
  /** in the same unit */
  readonly threshold: number | null
  readonly crossed: boolean
}

/** σ_max(W)·γ, and what Pascanu, Mikolov & Bengio 2013 make of it, in words. */
export interface SpectralInformation {
  readonly sigmaMaxGamma: number | null
  readonly verdict: string
}

export interface Explosion {
  readonly state: ExplosionState
  /** in words, one for each threshold that was crossed, or why the state still holds */
  readonly reasons: string[]
  /**
   * [first, last]: what is carried from the state at step `last` back to that at `first` is to blame, if it is growth
   * along time; in the reverse direction from `first` on to `last`
   */
  readonly span?: [number, number]
  /**
   * how near the nearest threshold is: 0 calm, 1 at it. Along time it is the ratio of the logarithms, so that 1000² has
   * twice the score of 1000; for the norm one more is ten times as much; for a spike it is the ratio of z to its
   * threshold. null is beyond all of them: not finite, or shrunk to exactly zero.
   */
  readonly score: number | null
  /** each signal that is on and had something to measure; of several directions or matrices that with the highest score */
  readonly signals: Readonly<Partial<Record<SignalName, Signal>>>
  /** the gradient's Euclidean norm; it may be not finite */
  readonly norm: number
  /** the mean factor of one step back over the whole sequence, in the forward direction: above 1 it grows */
  readonly growth: number
  readonly nonfinite?: Nonfinite
  /** as it was handed in: for information, it takes no part in the state */
  readonly spectral?: SpectralInformation
}

export interface Observed extends Judged {
  readonly nonfinite?: Nonfinite
}

/**
 * @param findings in the order in which they are told; none for a gradient that is not finite
 * @param latches what holds, this gradient included
 */
export function explosionOf(
  gradient: Observed,
  findings: readonly Finding[],
  latches: Pick<DetectorState, Condition>,
  settings: Settings,
): Explosion {
  const { norm, carry, nonfinite } = gradient
  const bad = settings.enable.nonfinite ? nonfinite : undefined
  const held = latches.exploding.on ? 'exploding' : latches.vanishing.on ? 'vanishing' : 'ok'
  const score = nonfinite ? null : finiteOrNull(Math.max(0, ...findings.map((finding) => finding.score)))
  const blamed = findings.find(({ condition, crossed, span }) => crossed && span && condition === held)
  return {
    state: bad ? 'nonfinite' : held,
    reasons: bad ? [nonfiniteReason(bad)] : reasonsFor(held, findings, latches, settings),
    ...(blamed && { span: blamed.span }),
    score,
    signals: { ...(settings.enable.nonfinite && { nonfinite: flag(bad) }), ...signalsOf(findings) },
    norm,
    growth: carry.length === 0 ? 1 : Math.exp(carry.reduce((sum, step) => sum + step, 0) / carry.length),
    ...(nonfinite && { nonfinite }),
  }
}

function reasonsFor(
  state: Condition | 'ok',
  findings: readonly Finding[],
  latches: Pick<DetectorState, Condition>,
  { leaveAfter }: Settings,
): string[] {
  const crossed = (condition: Condition) =>
    findings.filter((finding) => finding.crossed && finding.condition === condition)
  const holds =
    state !== 'ok' && crossed(state).length === 0
      ? [`${state} before, and calm for only ${latches[state].calm} of ${leaveAfter} gradients since`]
      : []
  return [...holds, ...[...crossed('exploding'), ...crossed('vanishing')].map(({ reason }) => reason())]
}

export const spectralOf = ({ sigmaMaxGamma, verdict }: SpectralInformation): SpectralInformation => ({
  sigmaMaxGamma: sigmaMaxGamma === null ? null : finiteOrNull(sigmaMaxGamma),
  verdict,
})

const flag = (bad: Nonfinite | undefined): Signal => ({
  value: null,
  threshold: null,
  crossed: bad !== undefined,
})

const signalsOf = (findings: readonly Finding[]): Explosion['signals'] =>
  Object.fromEntries(
    findings
      .toSorted((a, b) => a.score - b.score)
      .map(({ signal, value, threshold, crossed }) => [
        signal,
        { value: finiteOrNull(value), threshold: finiteOrNull(threshold), crossed },
      ]),
  )

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null)
