/** What an optimizer can be told: torch.optim's names, abbreviations written out, and its defaults. */
import { describe, ExpectedError, numberIn } from '../expected'
import type { EpsilonPlacement } from './rule'
import type { ScheduleOptions } from './schedule/options'
import type { WeightDecayMode } from './weight-decay'

export const optimizerRules = [
  'sgd',
  'adagrad',
  'adadelta',
  'rmsprop',
  'adam',
  'amsgrad',
  'adamw',
  'adamax',
  'nadam',
  'radam',
  'lion',
] as const
export type OptimizerRule = (typeof optimizerRules)[number]

export interface OptimizerOptions {
  /** default adam */
  rule?: OptimizerRule
  /** η, from which the schedule starts; default `defaultLearningRate(rule)` */
  learningRate?: number
  /** sgd, rmsprop: μ; default 0 */
  momentum?: number
  /** sgd: d; default 0 */
  dampening?: number
  /** sgd: needs a momentum, and no dampening; default false */
  nesterov?: boolean
  /** adam and its kin, lion: default 0.9 */
  beta1?: number
  /** adam and its kin: default 0.999; lion 0.99 */
  beta2?: number
  /** all but sgd and lion: default 1e-8; adagrad 1e-10, adadelta 1e-6 */
  epsilon?: number
  /** adagrad, rmsprop, adam, amsgrad, adamw, adamax: where ε stands; default torch */
  epsilonPlacement?: EpsilonPlacement
  /** rmsprop: α; default 0.99 */
  alpha?: number
  /** rmsprop: default false */
  centered?: boolean
  /** adadelta: ρ; default 0.9 */
  rho?: number
  /** adagrad: default 0 */
  learningRateDecay?: number
  /** adagrad: default 0 */
  initialAccumulator?: number
  /** nadam: ψ; default 0.004 */
  momentumDecay?: number
  /** adam, adamw: default false. The rule amsgrad is adam with it */
  amsgrad?: boolean
  /** λ; default 0, adamw 0.01 */
  weightDecay?: number
  /** l2: into the gradient; decoupled: beside the rule; default l2, adamw and lion decoupled */
  weightDecayMode?: WeightDecayMode
  /** N: one update from the mean of N gradients; default 1 */
  accumulate?: number
  /** default constant */
  schedule?: ScheduleOptions
}

type OptionOf<Type> = {
  [Name in keyof OptimizerOptions]-?: NonNullable<OptimizerOptions[Name]> extends Type ? Name : never
}[keyof OptimizerOptions]

/** A number from 0 but below 1: the decay of a moving average. */
export function decay(options: OptimizerOptions, name: OptionOf<number>, usual: number): number {
  const value = numberIn(name, options[name] ?? usual, { min: 0, max: 1 })
  if (value === 1) throw new ExpectedError(`${name} below 1`, '1')
  return value
}

export const fromZero = (options: OptimizerOptions, name: OptionOf<number>, usual: number): number =>
  numberIn(name, options[name] ?? usual, { min: 0 })

export function flag(options: OptimizerOptions, name: OptionOf<boolean>): boolean {
  const value: unknown = options[name] ?? false
  if (typeof value !== 'boolean') throw new ExpectedError(`${name} to be true or false`, describe(value))
  return value
}
