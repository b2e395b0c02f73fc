/** The fields that each rule and each schedule has, and what the runtime takes for a blank one. */
import type { OptimizerRule } from '../../../src/optimizer/options'
import { defaultLearningRate, ruleOptions } from '../../../src/optimizer/rules'
import {
  type ScheduleName,
  type ScheduleOptions,
  scheduleOptions,
} from '../../../src/optimizer/schedule/options'
import type { Get } from '../common/values'

export const ruleOf = (get: Get): OptimizerRule => (get('rule') || 'adam') as OptimizerRule
export const scheduleNameOf = (get: Get): ScheduleName => (get('schedule') || 'constant') as ScheduleName

type ScheduleOption = Exclude<keyof ScheduleOptions, 'name'>

/** Where the dialog has an option of the schedule. */
export const scheduleField = (option: ScheduleOption): string =>
  ({ warmupSteps: option, warmupStartFactor: option, minLearningRate: 'scheduleMinimum' })[
    option as string
  ] ?? `schedule${option[0].toUpperCase()}${option.slice(1)}`

/** A warm-up to a constant rate is the schedule warm-up. */
export const optionsOf = (schedule: ScheduleName): ScheduleOption[] =>
  schedule === 'constant'
    ? []
    : (scheduleOptions[schedule] ?? []).filter((option): option is ScheduleOption => option !== 'name')

const ofEvery = ['rule', 'schedule', 'store']

export const applies = (get: Get, field: string): boolean =>
  ofEvery.includes(field) ||
  ((ruleOptions[ruleOf(get)] ?? []) as readonly string[]).includes(field) ||
  optionsOf(scheduleNameOf(get)).map(scheduleField).includes(field)

const needed: Partial<Record<ScheduleName, string>> = {
  step: 'scheduleStepSize',
  'multi-step': 'scheduleMilestones',
  exponential: 'scheduleGamma',
  'warm-up': 'warmupSteps',
  'inverse-square-root': 'warmupSteps',
}

/** Whether a field may not be blank. */
export const isNeeded = (get: Get, field: string): boolean => needed[scheduleNameOf(get)] === field

const usualNumbers: Readonly<Record<string, string>> = {
  momentum: '0',
  dampening: '0',
  alpha: '0.99',
  rho: '0.9',
  beta1: '0.9',
  beta2: '0.999',
  epsilon: '1e-8',
  learningRateDecay: '0',
  initialAccumulator: '0',
  momentumDecay: '0.004',
  weightDecay: '0',
  accumulate: '1',
  warmupSteps: '0',
  warmupStartFactor: '0.3333',
  scheduleGamma: '0.1',
  scheduleMinimum: '0',
  schedulePctStart: '0.3',
  scheduleDivFactor: '25',
  scheduleFinalDivFactor: '10000',
  schedulePower: '1',
  scheduleFactor: '0.1',
  schedulePatience: '10',
  scheduleThreshold: '0.0001',
  scheduleCooldown: '0',
}
const usualOfRule: Partial<Record<OptimizerRule, Readonly<Record<string, string>>>> = {
  adamw: { weightDecay: '0.01' },
  adagrad: { epsilon: '1e-10' },
  adadelta: { epsilon: '1e-6' },
  lion: { beta2: '0.99' },
}

/** What a blank number counts as; undefined where there is no such number. */
export function usual(get: Get, field: string): string | undefined {
  const rule = ruleOf(get)
  if (field === 'learningRate') return String(defaultLearningRate(rule))
  return isNeeded(get, field) ? undefined : (usualOfRule[rule]?.[field] ?? usualNumbers[field])
}
