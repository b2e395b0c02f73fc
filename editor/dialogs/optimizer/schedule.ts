/** The schedule that the dialog describes, and the learning rate over the updates of a training. */
import type { ScheduleOptions } from '../../../src/optimizer/schedule/options'
import { scheduled } from '../../../src/optimizer/schedule/schedule'
import { entriesOf, type Get, isBlank } from '../common/values'
import { optionsOf, scheduleField, scheduleNameOf } from './fields'

export interface RateCurve {
  /** update and rate, in the order of the updates */
  readonly points: readonly (readonly [update: number, rate: number])[]
  /** updates of the warm-up */
  readonly warmupSteps: number
  /** updates until the end of the curve */
  readonly updates: number
}

/** What a curve is as long as if nothing says how long the training is. */
export const usualUpdates = 1000

const mostPoints = 300
const mostUpdates = 1e7

/**
 * What is blank the library knows, but for a length that ends with the training.
 *
 * @param updates of the whole training
 */
export function scheduleOf(get: Get, updates: number): ScheduleOptions {
  const name = scheduleNameOf(get)
  const given = optionsOf(name)
    .map((option) => [option, get(scheduleField(option))] as const)
    .filter(([, value]) => !isBlank(value))
    .map(([option, value]) => [
      option,
      option === 'milestones' ? entriesOf(value).map(Number) : Number(value),
    ])
  const options: ScheduleOptions = { name, ...Object.fromEntries(given) }
  if (!optionsOf(name).includes('totalSteps') || options.totalSteps !== undefined) return options
  return { ...options, totalSteps: Math.max(1, updates - (options.warmupSteps ?? 0)) }
}

/**
 * @param rate η
 * @param updates of the whole training; undefined if nobody knows
 * @returns undefined if a number is missing or wrong
 */
export function rateCurve(get: Get, rate: number, updates: number | undefined): RateCurve | undefined {
  if (!(rate >= 0)) return undefined
  const options = scheduleOf(get, updates ?? usualUpdates)
  const { warmupSteps = 0 } = options
  try {
    const { rateAt } = scheduled(options)
    const end = Math.min(mostUpdates, Math.max(2, Math.ceil(endOf(options, updates))))
    const count = Math.min(end, mostPoints)
    const points = Array.from({ length: count }, (_, index) => {
      const update = Math.round(1 + ((end - 1) * index) / (count - 1))
      return [update, rateAt(rate, update)] as const
    })
    return { points, warmupSteps, updates: end }
  } catch {
    return undefined
  }
}

/** How far the curve goes: to the end of the training, else until the schedule has shown itself. */
function endOf(options: ScheduleOptions, updates: number | undefined): number {
  const { warmupSteps = 0, totalSteps } = options
  if (totalSteps !== undefined) return Math.max(warmupSteps + totalSteps, updates ?? 0)
  return updates ?? warmupSteps + lengthOf(options)
}

function lengthOf({
  name,
  warmupSteps = 0,
  stepSize = 1,
  milestones = [],
  gamma = 1,
}: ScheduleOptions): number {
  if (name === 'step') return 5 * stepSize
  if (name === 'multi-step') return 1.5 * Math.max(...milestones)
  // until it is a hundred times as small, or as large
  if (name === 'exponential') return gamma === 1 ? usualUpdates : Math.log(100) / Math.abs(Math.log(gamma))
  return name === 'inverse-square-root' ? 9 * warmupSteps : Math.max(warmupSteps, 1)
}
