/** The dialog of clip-gradient: the fields of each rule. */
import { type ClipRule, clipRuleOptions, clipSettings } from '../../src/clip-gradient/options'
import { isRunning } from '../../src/clip-gradient/state'
import { checker, type Fits } from './common/checker'
import { inputOf, saved } from './common/fields'
import { shortNumber } from './common/numbers'
import { beginDialog, keepUpToDate, offerStores, showRows, typedField } from './common/open'
import { type Conditions, type Get, isAbove, isBlank, isFrom, isWhole, isWithin } from './common/values'
import { wordsOf } from './common/words'

const largestCount = 100_000

const isTyped = (get: Get) => (get('thresholdType') || 'num') === 'num'
const isInfinite = (value: unknown) => /^\s*(inf|infinity|∞)\s*$/i.test(String(value))

const fits: Fits = {
  threshold: (value, get) => !isTyped(get) || isAbove(0, value),
  normType: (value) => isInfinite(value) || isAbove(0, value),
  clipping: (value) => isAbove(0, value),
  percentile: (value) => isWithin(0, 100, value),
  historySize: (value) => isWhole(value, 1, largestCount),
  zThreshold: (value) => isAbove(0, value),
  warmup: (value) => isWhole(value, 2, largestCount),
  alpha: (value) => isWithin(0, 1, value),
  epsilon: (value) => isFrom(0, value),
}

const ruleOf = (get: Get) => (get('rule') || 'global-norm') as ClipRule

const conditions: Conditions = {
  ...Object.fromEntries(
    [...new Set(Object.values(clipRuleOptions).flat())].map((field) => [
      field,
      (get: Get) => clipRuleOptions[ruleOf(get)]?.includes(field) ?? false,
    ]),
  ),
  store: (get) => isRunning(ruleOf(get)),
}

export const check = checker('clip-gradient', fits, conditions)

const say = wordsOf('clip-gradient')

/** The rule with its number, what is left blank as it counts. */
export function label(node: EditorNode): string {
  const get = saved(node)
  if (!(ruleOf(get) in clipRuleOptions)) return ruleOf(get)
  const usual = clipSettings({ rule: ruleOf(get) })
  const given = (field: 'threshold' | 'clipping' | 'percentile' | 'zThreshold') =>
    isBlank(get(field)) ? usual[field] : get(field)
  return say(`nodeLabel.${usual.rule}`, {
    threshold: isTyped(get) ? given('threshold') : `${get('thresholdType')}.${get('threshold')}`,
    clipping: given('clipping'),
    percentile: given('percentile'),
    zThreshold: given('zThreshold'),
  })
}

export function open(node: EditorNode): void {
  const get = beginDialog(node)
  typedField('threshold', ['num', 'msg', 'flow', 'global', 'env'])
  offerStores(node)
  keepUpToDate(() => {
    showRows(get, conditions)
    const { epsilon } = clipSettings({ rule: ruleOf(get) })
    inputOf('epsilon')?.setAttribute('placeholder', shortNumber(epsilon))
  })
}
