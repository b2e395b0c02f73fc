/** Keeps gradients from being too large, one after the other. It chooses the rule and remembers what that needs. */
import type { Gradient } from '../bptt-gradient/bptt-gradient'
import { ExpectedError } from '../expected'
import type { Parameters } from '../rnn-cell/parameters'
import { clipAdaptively } from './adaptive'
import { autoClip } from './auto-clip'
import { clipByBlockRms } from './block-rms'
import { globalNorm, scaleTensors } from './change'
import { type ClippedGradient, report } from './clip'
import { clipByGlobalNorm } from './global-norm'
import { type ClipperOptions, type ClipRule, type ClipSettings, clipSettings } from './options'
import { clipByTensorNorm } from './per-tensor-norm'
import { type ClipperState, clipperState, type FixedClipRule } from './state'
import { clipByValue } from './value'
import { zClip } from './z-clip'
import { countNans, zeroNans } from './zero-nans'

export interface ClipCall {
  /** for this gradient only */
  threshold?: number
  /** of the cell, which adaptive measures the gradient against; the other rules do without */
  parameters?: Parameters
}

export interface GradientClipper {
  /**
   * The gradient after the rule, with what the rule did. A gradient that is not finite comes back untouched, and
   * leaves no trace in the state; only zero-nans mends it.
   *
   * @throws ExpectedError if the gradient needs clipping and the rule is none, if adaptive is not given parameters that
   * fit, or for a threshold out of its range
   */
  clip(gradient: Gradient, call?: ClipCall): ClippedGradient
  /** What `gradientClipper(options, state)` continues from, bit for bit. */
  state(): ClipperState
}

const fixedRules: Record<
  FixedClipRule,
  (gradient: Parameters, settings: ClipSettings, parameters?: Parameters) => Parameters
> = {
  'global-norm': clipByGlobalNorm,
  'per-tensor-norm': clipByTensorNorm,
  value: clipByValue,
  'block-rms': clipByBlockRms,
  adaptive: clipAdaptively,
  'zero-nans': zeroNans,
  none: (gradient) => gradient,
}

/**
 * @param state of an earlier clipper of the same rule
 * @throws ExpectedError for an option out of its range or one that the rule does not use, or a state of another rule
 */
export function gradientClipper(options: ClipperOptions = {}, state?: ClipperState): GradientClipper {
  const usual = clipSettings(options)
  const { rule } = usual
  let current = clipperState(rule, state)

  return {
    clip(gradient, { threshold, parameters } = {}) {
      const settings = threshold === undefined ? usual : clipSettings({ ...options, threshold })
      checkRegularizer(gradient, rule)
      const normBefore = globalNorm(gradient.parameters)
      if (!Number.isFinite(normBefore) && rule !== 'zero-nans')
        return report(gradient, gradient.parameters, { rule, normBefore })

      const step = runningStep(normBefore, current, settings)
      if (step) {
        current = step.state
        const scaled = scaleTensors(gradient.parameters, step.coefficient)
        return report(gradient, scaled, { rule, normBefore, threshold: step.threshold })
      }
      return report(gradient, fixedRules[rule as FixedClipRule](gradient.parameters, settings, parameters), {
        rule,
        normBefore,
        ...(rule === 'zero-nans' && { zeroed: countNans(gradient.parameters) }),
      })
    },
    state: () => current,
  }
}

/** Undefined for a rule that is not a running one. */
function runningStep(norm: number, state: ClipperState, settings: ClipSettings) {
  if (state.rule === 'auto-clip') return autoClip(norm, state, settings)
  if (state.rule === 'z-clip') return zClip(norm, state, settings)
  return undefined
}

/** Ω holds gradients up only softly and may let them explode; Pascanu et al. 2013, section 3.3, clip them then. */
function checkRegularizer(gradient: Gradient & { readonly regularization?: unknown }, rule: ClipRule): void {
  if (gradient.regularization !== undefined && rule === 'none')
    throw new ExpectedError('a clipping rule for a gradient with the regularizer Ω', 'the rule none')
}
