/** The learning rate of every update: a warm-up, then a schedule, joined as by PyTorch's SequentialLR. */
import { describe, ExpectedError, numberIn, oneOf } from '../../expected'
import { refuseUnused } from '../used-options'
import { constant } from './constant'
import { cosine } from './cosine'
import { exponential } from './exponential'
import { inverseSquareRoot } from './inverse-square-root'
import { multiStep } from './multi-step'
import { oneCycle } from './one-cycle'
import { type ScheduleName, type ScheduleOptions, scheduleNames, scheduleOptions } from './options'
import { polynomial } from './polynomial'
import { type PlateauState, plateauNext, plateauStart } from './reduce-on-plateau'
import { step } from './step'
import { warmUp } from './warm-up'

/** From the rate it starts from and the number of updates made, to the rate of the next. */
type Curve = (baseRate: number, t: number) => number

export interface Schedule {
  /** @param step number of the update, from 1 */
  rateAt(baseRate: number, step: number): number
  /** of reduce-on-plateau alone, whose factor is not in `rateAt` */
  readonly plateau?: {
    start(learningRate: number): PlateauState
    next(state: PlateauState, loss: number): PlateauState
  }
}

const makers: Record<Exclude<ScheduleName, 'reduce-on-plateau'>, (options: ScheduleOptions) => Curve> = {
  constant: () => constant,
  step: (options) => {
    const stepSize = count('stepSize', options.stepSize)
    const gamma = above0('gamma', options.gamma ?? 0.1)
    return (baseRate, t) => step(baseRate, t, stepSize, gamma)
  },
  'multi-step': (options) => {
    const milestones = checkedMilestones(options.milestones)
    const gamma = above0('gamma', options.gamma ?? 0.1)
    return (baseRate, t) => multiStep(baseRate, t, milestones, gamma)
  },
  exponential: (options) => {
    const gamma = above0('gamma', options.gamma)
    return (baseRate, t) => exponential(baseRate, t, gamma)
  },
  cosine: (options) => {
    const totalSteps = count('totalSteps', options.totalSteps)
    const minLearningRate = from0('minLearningRate', options.minLearningRate ?? 0)
    return (baseRate, t) => cosine(baseRate, t, totalSteps, minLearningRate)
  },
  'warm-up': (options) => {
    count('warmupSteps', options.warmupSteps)
    return constant
  },
  'one-cycle': (options) => {
    const settings = {
      totalSteps: count('totalSteps', options.totalSteps),
      pctStart: numberIn('pctStart', options.pctStart ?? 0.3, { min: 0, max: 1 }),
      divFactor: above0('divFactor', options.divFactor ?? 25),
      finalDivFactor: above0('finalDivFactor', options.finalDivFactor ?? 1e4),
    }
    return (baseRate, t) => oneCycle(baseRate, t, settings)
  },
  'inverse-square-root': (options) => {
    const warmupSteps = count('warmupSteps', options.warmupSteps)
    return (baseRate, t) => inverseSquareRoot(baseRate, t, warmupSteps)
  },
  polynomial: (options) => {
    const totalSteps = count('totalSteps', options.totalSteps)
    const power = from0('power', options.power ?? 1)
    return (baseRate, t) => polynomial(baseRate, t, totalSteps, power)
  },
}

const count = (name: string, value: unknown) => numberIn(name, value, { min: 1, integer: true })
const from0 = (name: string, value: unknown) => numberIn(name, value, { min: 0 })
const above0 = (name: string, value: unknown) => numberIn(name, value, { min: 0, above: true })
const whole = (name: string, value: unknown) => numberIn(name, value, { min: 0, integer: true })

function checkedMilestones(milestones: unknown): number[] {
  if (!Array.isArray(milestones))
    throw new ExpectedError('milestones to be an array of whole numbers', describe(milestones))
  return milestones.map((milestone) => whole('a milestone', milestone))
}

/**
 * @throws ExpectedError for an option that is missing, out of its range, or not one of the schedule
 */
export function scheduled(options: ScheduleOptions): Schedule {
  const name = oneOf('the schedule', options.name, scheduleNames)
  refuseUnused('schedule', name, options, scheduleOptions)
  const curve = name === 'reduce-on-plateau' ? constant : makers[name](options)
  const warmupSteps = whole('warmupSteps', options.warmupSteps ?? 0)
  const startFactor = numberIn('warmupStartFactor', options.warmupStartFactor ?? 1 / 3, { min: 0, max: 1 })
  const rateAt = (baseRate: number, step: number) => {
    const t = step - 1
    return t < warmupSteps
      ? warmUp(curve(baseRate, 0), t, warmupSteps, startFactor)
      : curve(baseRate, t - warmupSteps)
  }
  return name === 'reduce-on-plateau' ? { rateAt, plateau: plateauOf(options) } : { rateAt }
}

function plateauOf(options: ScheduleOptions): Schedule['plateau'] {
  const factor = above0('factor', options.factor ?? 0.1)
  if (factor >= 1) throw new ExpectedError('factor below 1', String(factor))
  const settings = {
    factor,
    patience: whole('patience', options.patience ?? 10),
    threshold: numberIn('threshold', options.threshold ?? 1e-4, { min: 0, max: 1 }),
    cooldown: whole('cooldown', options.cooldown ?? 0),
    minLearningRate: from0('minLearningRate', options.minLearningRate ?? 0),
  }
  return { start: plateauStart, next: (state, loss) => plateauNext(state, loss, settings) }
}

/**
 * The learning rate of one update under a schedule.
 *
 * @param baseRate η, from 0
 * @param step number of the update, from 1
 * @throws ExpectedError for reduce-on-plateau, which depends on the validation losses
 */
export function learningRateAt(schedule: ScheduleOptions, baseRate: number, step: number): number {
  const { rateAt, plateau } = scheduled(schedule)
  if (plateau) throw new ExpectedError('a schedule that the step alone decides', schedule.name)
  return rateAt(from0('learningRate', baseRate), count('step', step))
}
