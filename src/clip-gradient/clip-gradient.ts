/** Keeps a gradient from being too large. One small function a rule; this file chooses and reports. */

import type { Gradient } from '../bptt-gradient/bptt-gradient'
import { numberIn, oneOf } from '../expected'
import { type Parameters, parameterNames } from '../rnn-cell/parameters'
import { norm } from '../tensor/norm'
import { clipByGlobalNorm } from './global-norm'
import { clipByValue } from './value'

const rules = {
  'global-norm': clipByGlobalNorm,
  value: clipByValue,
  none: (gradient: Parameters) => gradient,
}

export type ClipRule = keyof typeof rules
export const clipRules = Object.keys(rules) as ClipRule[]

export interface ClipOptions {
  /** default global-norm */
  rule?: ClipRule
  /** largest norm, or largest absolute value of an entry; default 1 */
  threshold?: number
}

export interface Clip {
  readonly rule: ClipRule
  readonly normBefore: number
  readonly normAfter: number
  /** normAfter / normBefore */
  readonly coefficient: number
  /** whether the rule changed anything */
  readonly clipped: boolean
  /** the gradient was not finite and was passed on untouched */
  readonly nonfinite?: true
}

export interface ClippedGradient extends Gradient {
  readonly clip: Clip
}

/**
 * The gradient after the rule, with what the rule did. A gradient that is not finite comes back untouched.
 *
 * @throws ExpectedError for a threshold that is not above 0
 */
export function clipGradient(gradient: Gradient, options: ClipOptions = {}): ClippedGradient {
  const rule = oneOf('rule', options.rule ?? 'global-norm', clipRules)
  const threshold = numberIn('threshold', options.threshold ?? 1, { min: 0, above: true })
  const normBefore = gradient.norm
  if (!Number.isFinite(normBefore))
    return {
      ...gradient,
      clip: { rule, normBefore, normAfter: normBefore, coefficient: 1, clipped: false, nonfinite: true },
    }

  const parameters = rules[rule](gradient.parameters, threshold)
  const clipped = parameters !== gradient.parameters
  const normAfter = clipped ? norm(...parameterNames.map((name) => parameters[name].data)) : normBefore
  const coefficient = normBefore === 0 ? 1 : normAfter / normBefore
  return {
    ...gradient,
    parameters,
    norm: normAfter,
    clip: { rule, normBefore, normAfter, coefficient, clipped },
  }
}
