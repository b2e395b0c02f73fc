/** Keeps a gradient from being too large. One small function a rule; this file is the room's face. */
import type { Gradient } from '../bptt-gradient/bptt-gradient'
import { ExpectedError } from '../expected'
import type { ClippedGradient } from './clip'
import { gradientClipper } from './gradient-clipper'
import { type ClipOptions, clipSettings } from './options'
import { isRunning } from './state'

export type { Clip, ClippedGradient } from './clip'
export { type ClipCall, type GradientClipper, gradientClipper } from './gradient-clipper'
export { type ClipOptions, type ClipperOptions, type ClipRule, clipRuleOptions, clipRules } from './options'
export type { ClipperState } from './state'
export type { UnitAxis } from './unitwise'

/**
 * The gradient after a rule that needs no memory, with what the rule did. A gradient that is not finite comes back
 * untouched, except from zero-nans.
 *
 * @throws ExpectedError for what `gradientClipper` and its `clip` throw it for, and for the rules auto-clip and z-clip
 */
export function clipGradient(
  gradient: Gradient,
  { parameters, ...options }: ClipOptions = {},
): ClippedGradient {
  const { rule } = clipSettings(options)
  if (isRunning(rule))
    throw new ExpectedError(
      `gradientClipper for the rule ${rule}, which remembers earlier gradients`,
      'clipGradient',
    )
  return gradientClipper(options).clip(gradient, { parameters })
}
