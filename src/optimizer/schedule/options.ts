/** What a schedule can be told. Names are torch.optim.lr_scheduler's, in this package's spelling. */
export const scheduleNames = [
  'constant',
  'step',
  'multi-step',
  'exponential',
  'cosine',
  'warm-up',
  'one-cycle',
  'inverse-square-root',
  'polynomial',
  'reduce-on-plateau',
] as const
export type ScheduleName = (typeof scheduleNames)[number]

export interface ScheduleOptions {
  name: ScheduleName
  /**
   * any: updates of linear warm-up, after which the schedule begins; default 0; warm-up, inverse-square-root:
   * from 1
   */
  warmupSteps?: number
  /** any: share of the rate at which the warm-up starts; default 1/3, PyTorch's start_factor */
  warmupStartFactor?: number
  /** step: updates from one reduction to the next */
  stepSize?: number
  /** multi-step: after how many updates the rate is reduced */
  milestones?: readonly number[]
  /** step, multi-step: factor of a reduction; default 0.1. exponential: factor of every update */
  gamma?: number
  /** cosine, one-cycle, polynomial: length in updates, a warm-up not counted */
  totalSteps?: number
  /** cosine, reduce-on-plateau: default 0 */
  minLearningRate?: number
  /** one-cycle: share of the rise; default 0.3 */
  pctStart?: number
  /** one-cycle: default 25 */
  divFactor?: number
  /** one-cycle: default 1e4 */
  finalDivFactor?: number
  /** polynomial: default 1 */
  power?: number
  /** reduce-on-plateau: default 0.1 */
  factor?: number
  /** reduce-on-plateau: in validation losses; default 10 */
  patience?: number
  /** reduce-on-plateau: share of the best loss; default 1e-4 */
  threshold?: number
  /** reduce-on-plateau: in validation losses; default 0 */
  cooldown?: number
}

const ofAll = ['name', 'warmupSteps', 'warmupStartFactor'] as const

/** The options that each schedule uses. Any other is refused. */
export const scheduleOptions: Readonly<Record<ScheduleName, readonly (keyof ScheduleOptions)[]>> = {
  constant: ofAll,
  step: [...ofAll, 'stepSize', 'gamma'],
  'multi-step': [...ofAll, 'milestones', 'gamma'],
  exponential: [...ofAll, 'gamma'],
  cosine: [...ofAll, 'totalSteps', 'minLearningRate'],
  'warm-up': ofAll,
  'one-cycle': [...ofAll, 'totalSteps', 'pctStart', 'divFactor', 'finalDivFactor'],
  'inverse-square-root': ofAll,
  polynomial: [...ofAll, 'totalSteps', 'power'],
  'reduce-on-plateau': [...ofAll, 'factor', 'patience', 'threshold', 'cooldown', 'minLearningRate'],
}
