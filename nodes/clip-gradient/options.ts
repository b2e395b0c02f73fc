/** The dialog of clip-gradient as options of the library. */
import type { NodeDef } from 'node-red'
import { type ClipperOptions, clipRuleOptions, clipRules, oneOf, type UnitAxis } from '../../src'
import { numberField, type TypedField, wordField } from '../common/fields'

export interface ClipGradientConfig extends NodeDef {
  rule?: string
  threshold?: string
  thresholdType?: string
  normType?: string
  clipping?: string
  axis?: string
  percentile?: string
  historySize?: string
  zThreshold?: string
  alpha?: string
  warmup?: string
  epsilon?: string
  store?: string
}

/**
 * Only the fields of the chosen rule are read: what a hidden one holds does not matter.
 *
 * @returns `threshold` is there if the rule has one; it may come with each message
 */
export function readClipOptions(config: ClipGradientConfig): {
  options: ClipperOptions
  threshold: TypedField | undefined
} {
  const rule = oneOf('rule', wordField(config.rule, 'global-norm'), clipRules)
  const uses = (option: keyof ClipperOptions) => clipRuleOptions[rule].includes(option)
  const number = (name: string, option: keyof ClipperOptions & keyof ClipGradientConfig) =>
    uses(option) && { [option]: numberField(name, config[option]) }
  return {
    options: {
      rule,
      ...(uses('normType') && { normType: normTypeField(config.normType) }),
      ...(uses('axis') && { axis: wordField<UnitAxis>(config.axis, 'row') }),
      ...number('clipping', 'clipping'),
      ...number('percentile', 'percentile'),
      ...number('history', 'historySize'),
      ...number('z threshold', 'zThreshold'),
      ...number('alpha', 'alpha'),
      ...number('warm-up', 'warmup'),
      ...number('epsilon', 'epsilon'),
    },
    threshold: uses('threshold')
      ? { name: 'threshold', value: config.threshold, type: config.thresholdType ?? 'num' }
      : undefined,
  }
}

/** p of a p-norm; the largest absolute value, p = ∞, also as PyTorch writes it: inf. */
const normTypeField = (value: unknown): number | undefined =>
  /^\s*(inf|infinity|∞)\s*$/i.test(String(value)) ? Number.POSITIVE_INFINITY : numberField('p', value)
