/** What can be asked of clip-gradient: the rules, the options each of them uses, and the check of both. */
import { describe, ExpectedError, numberIn, oneOf } from '../expected'
import type { Parameters } from '../rnn-cell/parameters'
import { type UnitAxis, unitAxes } from './unitwise'

export const clipRules = [
  'global-norm',
  'per-tensor-norm',
  'value',
  'block-rms',
  'adaptive',
  'auto-clip',
  'z-clip',
  'zero-nans',
  'none',
] as const
export type ClipRule = (typeof clipRules)[number]

/** The options that a rule uses; it refuses all others. */
export const clipRuleOptions: Record<ClipRule, readonly string[]> = {
  'global-norm': ['threshold', 'normType', 'epsilon'],
  'per-tensor-norm': ['threshold', 'normType', 'epsilon'],
  value: ['threshold'],
  'block-rms': ['threshold'],
  adaptive: ['clipping', 'axis', 'epsilon'],
  'auto-clip': ['percentile', 'historySize', 'epsilon'],
  'z-clip': ['alpha', 'zThreshold', 'warmup', 'epsilon'],
  'zero-nans': [],
  none: [],
}

export interface ClipperOptions {
  /** default global-norm */
  rule?: ClipRule
  /** global-norm, per-tensor-norm: largest norm; value: largest absolute value; block-rms: largest rms. Default 1 */
  threshold?: number
  /** global-norm, per-tensor-norm: p of the p-norm, above 0; Infinity is the largest absolute value. Default 2 */
  normType?: number
  /**
   * global-norm, per-tensor-norm: added to the norm that is divided by; default 1e-6 as in PyTorch (optax, Keras: 0).
   * auto-clip, z-clip: the same, default 0 as in the papers (their authors' code: 1e-6).
   * adaptive: a parameter's norm counts as no less than this, so that a zero one can still move; default 1e-3.
   */
  epsilon?: number
  /** adaptive: λ, largest norm of a gradient over that of its parameter; default 0.01 */
  clipping?: number
  /** adaptive: what has a norm of its own, each row of a matrix, each column, or the whole tensor; default row */
  axis?: UnitAxis
  /** auto-clip: p, from 0 to 100; default 10 */
  percentile?: number
  /** auto-clip: how many of the latest norms are remembered, up to 100 000; default 1000 */
  historySize?: number
  /** z-clip: α, what stays of mean and variance at each gradient, from 0 to 1; default 0.97 */
  alpha?: number
  /** z-clip: the z-score above which a norm is a spike; default 2.5 */
  zThreshold?: number
  /** z-clip: how many gradients pass untouched to start mean and variance from, 2 to 100 000; default 25 */
  warmup?: number
}

export interface ClipOptions extends ClipperOptions {
  /** of the cell, which adaptive measures the gradient against; the other rules do without */
  parameters?: Parameters
}

export type ClipSettings = Readonly<Required<ClipperOptions>>

const mostRemembered = 100_000

const defaultEpsilon = (rule: ClipRule): number => {
  if (rule === 'adaptive') return 1e-3
  return rule === 'auto-clip' || rule === 'z-clip' ? 0 : 1e-6
}

/**
 * The options with their defaults.
 *
 * @throws ExpectedError for an option out of its range, or one that the rule does not use
 */
export function clipSettings(options: ClipperOptions): ClipSettings {
  const rule = oneOf('rule', options.rule ?? 'global-norm', clipRules)
  const used = clipRuleOptions[rule]
  for (const [name, value] of Object.entries(options))
    if (value !== undefined && name !== 'rule' && !used.includes(name))
      throw new ExpectedError(
        used.length === 0
          ? `no options with the rule ${rule}`
          : `only ${used.join(', ')} with the rule ${rule}`,
        `${name}: ${describe(value)}`,
      )
  return {
    rule,
    threshold: numberIn('threshold', options.threshold ?? 1, { min: 0, above: true }),
    normType:
      options.normType === Number.POSITIVE_INFINITY
        ? options.normType
        : numberIn('normType', options.normType ?? 2, { min: 0, above: true }),
    epsilon: numberIn('epsilon', options.epsilon ?? defaultEpsilon(rule), { min: 0 }),
    clipping: numberIn('clipping', options.clipping ?? 0.01, { min: 0, above: true }),
    axis: oneOf('axis', options.axis ?? 'row', unitAxes),
    percentile: numberIn('percentile', options.percentile ?? 10, { min: 0, max: 100 }),
    historySize: numberIn('historySize', options.historySize ?? 1000, {
      min: 1,
      max: mostRemembered,
      integer: true,
    }),
    alpha: numberIn('alpha', options.alpha ?? 0.97, { min: 0, max: 1 }),
    zThreshold: numberIn('zThreshold', options.zThreshold ?? 2.5, { min: 0, above: true }),
    warmup: numberIn('warmup', options.warmup ?? 25, { min: 2, max: mostRemembered, integer: true }),
  }
}
