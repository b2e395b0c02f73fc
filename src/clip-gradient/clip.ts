/** What clip-gradient hands on: the gradient, and what the rule did to it. */
import type { Gradient } from '../bptt-gradient/bptt-gradient'
import type { Parameters } from '../rnn-cell/parameters'
import { globalNorm } from './change'
import type { ClipRule } from './options'

export interface Clip {
  readonly rule: ClipRule
  /** Euclidean norm over all tensors, whatever norm the rule goes by */
  readonly normBefore: number
  /** likewise */
  readonly normAfter: number
  /** normAfter / normBefore; 1 if that is no finite number */
  readonly coefficient: number
  /** whether the rule changed any number */
  readonly clipped: boolean
  /** auto-clip, z-clip: the largest norm allowed this time; missing during the warm-up of z-clip */
  readonly threshold?: number
  /** zero-nans: how many entries were NaN */
  readonly zeroed?: number
  /** the gradient is not finite; every rule but zero-nans passed it on untouched */
  readonly nonfinite?: true
}

export interface ClippedGradient extends Gradient {
  readonly clip: Clip
}

/**
 * @param gradient as it came
 * @param parameters after the rule: the very same object if it did nothing
 * @param done what the rule alone can tell
 */
export function report(
  gradient: Gradient,
  parameters: Parameters,
  { rule, normBefore, threshold, zeroed }: Pick<Clip, 'rule' | 'normBefore' | 'threshold' | 'zeroed'>,
): ClippedGradient {
  const clipped = parameters !== gradient.parameters
  const normAfter = clipped ? globalNorm(parameters) : normBefore
  const finite = Number.isFinite(normAfter)
  const { nonfinite, ...rest } = gradient
  const isMended = rule === 'zero-nans' && finite
  return {
    ...rest,
    ...(nonfinite && !isMended && { nonfinite }),
    parameters,
    norm: normAfter,
    clip: {
      rule,
      normBefore,
      normAfter,
      coefficient: Number.isFinite(normBefore) && normBefore > 0 ? normAfter / normBefore : 1,
      clipped,
      ...(threshold !== undefined && { threshold }),
      ...(zeroed !== undefined && { zeroed }),
      ...(!finite && { nonfinite: true }),
    },
  }
}
