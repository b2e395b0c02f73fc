/** Which numbers fit the fields of optimizer. */
import type { Check } from '../common/checker'
import { shown } from '../common/fields'
import { entriesOf, type Get, isBlank, isNumber } from '../common/values'
import { wordsOf } from '../common/words'
import { applies, isNeeded } from './fields'

const ranges = {
  fromZero: (number: number) => number >= 0,
  aboveZero: (number: number) => number > 0,
  decay: (number: number) => number >= 0 && number < 1,
  share: (number: number) => number >= 0 && number <= 1,
  factor: (number: number) => number > 0 && number < 1,
  whole: (number: number) => number >= 0 && Number.isSafeInteger(number),
  count: (number: number) => number >= 1 && Number.isSafeInteger(number),
}
type RangeName = keyof typeof ranges

const rangeOfField: Readonly<Record<string, RangeName>> = {
  learningRate: 'fromZero',
  momentum: 'decay',
  dampening: 'share',
  alpha: 'decay',
  rho: 'share',
  beta1: 'decay',
  beta2: 'decay',
  epsilon: 'fromZero',
  learningRateDecay: 'fromZero',
  initialAccumulator: 'fromZero',
  momentumDecay: 'fromZero',
  weightDecay: 'fromZero',
  accumulate: 'count',
  scheduleStepSize: 'count',
  scheduleGamma: 'aboveZero',
  scheduleTotalSteps: 'count',
  scheduleMinimum: 'fromZero',
  schedulePctStart: 'share',
  scheduleDivFactor: 'aboveZero',
  scheduleFinalDivFactor: 'aboveZero',
  schedulePower: 'fromZero',
  scheduleFactor: 'factor',
  schedulePatience: 'whole',
  scheduleThreshold: 'share',
  scheduleCooldown: 'whole',
  warmupSteps: 'whole',
  warmupStartFactor: 'share',
}

/** Whether η is a number of the dialog, and not one of the message or of context. */
export const isRateTyped = (get: Get): boolean => (get('learningRateType') || 'num') === 'num'

const say = wordsOf('optimizer')

export const check: Check = (node, field, value) => {
  const get = shown(node)
  if (!applies(get, field) || (field === 'learningRate' && !isRateTyped(get))) return true
  if (field === 'scheduleMilestones') return areMilestones(value) || say('error.scheduleMilestones')
  const needs = isNeeded(get, field)
  const range = field === 'warmupSteps' && needs ? 'count' : rangeOfField[field]
  if ((needs && isBlank(value)) || !isNumber(value, ranges[range]))
    return say(`error.${range}`, { field: say(`label.${field}`) })
  return fitsNesterov(get, field, Number(value ?? 0))
}

const areMilestones = (value: unknown) => {
  const entries = entriesOf(value)
  return entries.length > 0 && entries.every((entry) => isNumber(entry, ranges.whole))
}

function fitsNesterov(get: Get, field: string, value: number): true | string {
  if (!applies(get, 'nesterov') || !get('nesterov')) return true
  if (field === 'momentum' && value === 0) return say('error.nesterov')
  return field !== 'dampening' || value === 0 || say('error.nesterovDampening')
}
