/** The dialog of optimizer as options of the library. */
import type { NodeDef } from 'node-red'
import {
  ExpectedError,
  epsilonPlacements,
  type OptimizerOptions,
  oneOf,
  optimizerRules,
  ruleOptions,
  type ScheduleOptions,
  scheduleNames,
  scheduleOptions,
  weightDecayModes,
} from '../../src'
import { listField, numberField, wordField } from '../common/fields'

const ruleNumbers = [
  'momentum',
  'dampening',
  'beta1',
  'beta2',
  'epsilon',
  'alpha',
  'rho',
  'learningRateDecay',
  'initialAccumulator',
  'momentumDecay',
  'weightDecay',
  'accumulate',
] as const
const ruleFlags = ['nesterov', 'centered', 'amsgrad'] as const

/** The option of the library, and the field of the dialog that holds it. */
const scheduleNumbers = {
  warmupSteps: 'warmupSteps',
  warmupStartFactor: 'warmupStartFactor',
  stepSize: 'scheduleStepSize',
  gamma: 'scheduleGamma',
  totalSteps: 'scheduleTotalSteps',
  minLearningRate: 'scheduleMinimum',
  pctStart: 'schedulePctStart',
  divFactor: 'scheduleDivFactor',
  finalDivFactor: 'scheduleFinalDivFactor',
  power: 'schedulePower',
  factor: 'scheduleFactor',
  patience: 'schedulePatience',
  threshold: 'scheduleThreshold',
  cooldown: 'scheduleCooldown',
} as const
type ScheduleNumber = keyof typeof scheduleNumbers

type Fields<Name extends string, Value> = { [Field in Name]?: Value }

export interface OptimizerConfig
  extends NodeDef,
    Fields<(typeof ruleNumbers)[number], string>,
    Fields<(typeof ruleFlags)[number], boolean>,
    Fields<(typeof scheduleNumbers)[ScheduleNumber], string> {
  rule?: string
  learningRate?: string
  learningRateType?: string
  epsilonPlacement?: string
  weightDecayMode?: string
  schedule?: string
  scheduleMilestones?: string
  store?: string
}

/**
 * All but the learning rate, which a message may bring. Only the fields of the chosen rule and schedule are read: what a
 * hidden one holds does not matter.
 */
export function readOptimizerOptions(config: OptimizerConfig) {
  const rule = oneOf('rule', wordField(config.rule, 'adam'), optimizerRules)
  const used = <Name extends keyof OptimizerOptions, Value>(
    names: readonly Name[],
    read: (name: Name) => Value,
  ) =>
    fieldsOf(
      names.filter((name) => ruleOptions[rule].includes(name)),
      read,
    )
  return {
    rule,
    ...used(ruleNumbers, (name) => numberField(name, config[name])),
    ...used(ruleFlags, (name) => config[name] ?? false),
    ...used(['epsilonPlacement'], () =>
      oneOf('epsilon placement', wordField(config.epsilonPlacement, 'torch'), epsilonPlacements),
    ),
    ...(config.weightDecayMode && {
      weightDecayMode: oneOf('weight decay mode', config.weightDecayMode, weightDecayModes),
    }),
    schedule: readSchedule(config),
  } satisfies OptimizerOptions
}

function readSchedule(config: OptimizerConfig): ScheduleOptions {
  const name = oneOf('schedule', wordField(config.schedule, 'constant'), scheduleNames)
  // a warm-up to a constant rate is the schedule warm-up
  if (name === 'constant') return { name }
  const numbers = (Object.keys(scheduleNumbers) as ScheduleNumber[]).filter((option) =>
    scheduleOptions[name].includes(option),
  )
  return {
    name,
    ...fieldsOf(numbers, (option) => numberField(option, config[scheduleNumbers[option]])),
    ...(name === 'multi-step' && { milestones: milestonesIn(config.scheduleMilestones) }),
  }
}

function milestonesIn(text: string | undefined): number[] {
  const milestones = listField(text).map((entry) => Number(numberField('a milestone', entry)))
  if (milestones.length === 0) throw new ExpectedError('milestones in updates, such as 100, 200', 'none')
  return milestones
}

const fieldsOf = <Name extends string, Value>(names: readonly Name[], read: (name: Name) => Value) =>
  Object.fromEntries(names.map((name) => [name, read(name)])) as Fields<Name, Value>

/**
 * The options with a schedule that ends where the source's budget does, if its length was left blank.
 *
 * @param steps batches in the budget, if there is one; the warm-up is a part of it
 * @throws ExpectedError if the length is neither in the dialog nor known from a source
 */
export function withinBudget(
  options: ReturnType<typeof readOptimizerOptions>,
  steps: number | undefined,
): OptimizerOptions {
  const { schedule, accumulate = 1 } = options
  const isKnown = !scheduleOptions[schedule.name].includes('totalSteps') || schedule.totalSteps !== undefined
  if (isKnown) return options
  if (steps === undefined)
    throw new ExpectedError(
      `the total steps of the schedule ${schedule.name}, in the dialog or from a budget of sequence-source`,
      'none',
    )
  const updates = Math.floor(steps / accumulate) - (schedule.warmupSteps ?? 0)
  return { ...options, schedule: { ...schedule, totalSteps: Math.max(1, updates) } }
}
