/** The rules by name: the options of each with their defaults, and the rule made of them. */
import { ExpectedError, numberIn, oneOf } from '../expected'
import { adadelta } from './adadelta'
import { adagrad } from './adagrad'
import { adam } from './adam'
import { adamax } from './adamax'
import { lion } from './lion'
import { nadam } from './nadam'
import { decay, flag, fromZero, type OptimizerOptions, type OptimizerRule } from './options'
import { radam } from './radam'
import { rmsprop } from './rmsprop'
import { epsilonPlacements, type Rule } from './rule'
import { sgd } from './sgd'
import { weightDecayModes, withWeightDecay } from './weight-decay'

type Make = (options: OptimizerOptions) => Rule

const makers: Record<OptimizerRule, Make> = {
  sgd: (options) => {
    const settings = {
      momentum: decay(options, 'momentum', 0),
      dampening: numberIn('dampening', options.dampening ?? 0, { min: 0, max: 1 }),
      nesterov: flag(options, 'nesterov'),
    }
    if (settings.nesterov && settings.momentum === 0)
      throw new ExpectedError('a momentum above 0 for Nesterov', '0')
    if (settings.nesterov && settings.dampening > 0)
      throw new ExpectedError('a dampening of 0 for Nesterov', String(settings.dampening))
    return (input) => sgd(input, settings)
  },
  adagrad: (options) => {
    const settings = {
      learningRateDecay: fromZero(options, 'learningRateDecay', 0),
      initialAccumulator: fromZero(options, 'initialAccumulator', 0),
      ...epsilonOf(options, 1e-10),
    }
    return (input) => adagrad(input, settings)
  },
  adadelta: (options) => {
    const rho = numberIn('rho', options.rho ?? 0.9, { min: 0, max: 1 })
    const epsilon = fromZero(options, 'epsilon', 1e-6)
    return (input) => adadelta(input, { rho, epsilon })
  },
  rmsprop: (options) => {
    const settings = {
      alpha: decay(options, 'alpha', 0.99),
      centered: flag(options, 'centered'),
      momentum: decay(options, 'momentum', 0),
      ...epsilonOf(options),
    }
    return (input) => rmsprop(input, settings)
  },
  adam: (options) => {
    const settings = { ...betasOf(options), ...epsilonOf(options), amsgrad: flag(options, 'amsgrad') }
    return (input) => adam(input, settings)
  },
  amsgrad: (options) => makers.adam({ ...options, amsgrad: true }),
  adamw: (options) => makers.adam(options),
  adamax: (options) => {
    const settings = { ...betasOf(options), ...epsilonOf(options) }
    return (input) => adamax(input, settings)
  },
  nadam: (options) => {
    const settings = {
      ...betasOf(options),
      epsilon: fromZero(options, 'epsilon', 1e-8),
      momentumDecay: fromZero(options, 'momentumDecay', 4e-3),
    }
    return (input) => nadam(input, settings)
  },
  radam: (options) => {
    const settings = { ...betasOf(options), epsilon: fromZero(options, 'epsilon', 1e-8) }
    return (input) => radam(input, settings)
  },
  lion: (options) => {
    const settings = betasOf(options, 0.99)
    return (input) => lion(input, settings)
  },
}

const betasOf = (options: OptimizerOptions, beta2 = 0.999) => ({
  beta1: decay(options, 'beta1', 0.9),
  beta2: decay(options, 'beta2', beta2),
})
const epsilonOf = (options: OptimizerOptions, usual = 1e-8) => ({
  epsilon: fromZero(options, 'epsilon', usual),
  epsilonPlacement: oneOf('epsilonPlacement', options.epsilonPlacement ?? 'torch', epsilonPlacements),
})

const ofAll = ['rule', 'learningRate', 'weightDecay', 'weightDecayMode', 'accumulate', 'schedule'] as const
const ofAdam = ['beta1', 'beta2', 'epsilon', 'epsilonPlacement'] as const

/** The options that each rule uses. Any other is refused. */
export const ruleOptions: Readonly<Record<OptimizerRule, readonly (keyof OptimizerOptions)[]>> = {
  sgd: [...ofAll, 'momentum', 'dampening', 'nesterov'],
  adagrad: [...ofAll, 'learningRateDecay', 'initialAccumulator', 'epsilon', 'epsilonPlacement'],
  adadelta: [...ofAll, 'rho', 'epsilon'],
  rmsprop: [...ofAll, 'alpha', 'centered', 'momentum', 'epsilon', 'epsilonPlacement'],
  adam: [...ofAll, ...ofAdam, 'amsgrad'],
  amsgrad: [...ofAll, ...ofAdam],
  adamw: [...ofAll, ...ofAdam, 'amsgrad'],
  adamax: [...ofAll, ...ofAdam],
  nadam: [...ofAll, 'beta1', 'beta2', 'epsilon', 'momentumDecay'],
  radam: [...ofAll, 'beta1', 'beta2', 'epsilon'],
  lion: [...ofAll, 'beta1', 'beta2'],
}

const learningRates: Readonly<Record<OptimizerRule, number>> = {
  sgd: 1e-2,
  adagrad: 1e-2,
  adadelta: 1,
  rmsprop: 1e-2,
  adam: 1e-3,
  amsgrad: 1e-3,
  adamw: 1e-3,
  adamax: 2e-3,
  nadam: 2e-3,
  radam: 1e-3,
  lion: 1e-4,
}

/**
 * The learning rate that suits a rule if nothing is known: PyTorch's default, for sgd 0.01, for lion its
 * paper's.
 */
export const defaultLearningRate = (rule: OptimizerRule): number => learningRates[rule]

/** @throws ExpectedError for an option out of its range */
export function ruleOf(name: OptimizerRule, options: OptimizerOptions): Rule {
  const weightDecay = fromZero(options, 'weightDecay', name === 'adamw' ? 0.01 : 0)
  const usualMode = name === 'adamw' || name === 'lion' ? 'decoupled' : 'l2'
  const mode = oneOf('weightDecayMode', options.weightDecayMode ?? usualMode, weightDecayModes)
  return withWeightDecay(makers[name](options), weightDecay, mode)
}
