/** What an optimizer refuses, and that every option it takes makes a difference. */
import should from 'should'
import {
  defaultLearningRate,
  type OptimizerOptions,
  type OptimizerRule,
  optimizer,
  optimizerRules,
} from '../../../src/optimizer/optimizer'
import { ruleOptions } from '../../../src/optimizer/rules'
import { throwsExpected } from '../../support/throws'
import { cellOf, flat, gradientsFor, plus } from './cells'

/** Another value than any default, with what it needs to have an effect. */
const others: { [Name in keyof OptimizerOptions]-?: OptimizerOptions & Record<Name, unknown> } = {
  rule: { rule: 'sgd' },
  learningRate: { learningRate: 0.7 },
  momentum: { momentum: 0.3 },
  dampening: { dampening: 0.3 },
  nesterov: { nesterov: true },
  beta1: { beta1: 0.3 },
  beta2: { beta2: 0.3 },
  epsilon: { epsilon: 0.3 },
  epsilonPlacement: { epsilonPlacement: 'keras' },
  alpha: { alpha: 0.3 },
  centered: { centered: true },
  rho: { rho: 0.3 },
  learningRateDecay: { learningRateDecay: 0.3 },
  initialAccumulator: { initialAccumulator: 0.3 },
  momentumDecay: { momentumDecay: 0.3 },
  amsgrad: { amsgrad: true },
  weightDecay: { weightDecay: 0.3 },
  weightDecayMode: { weightDecayMode: 'l2' },
  accumulate: { accumulate: 2 },
  schedule: { schedule: { name: 'exponential', gamma: 0.3 } },
}
/** Without these an option has nothing to change. */
const grounds: Partial<Record<keyof OptimizerOptions, OptimizerOptions>> = {
  dampening: { momentum: 0.5 },
  nesterov: { momentum: 0.5 },
  epsilonPlacement: { epsilon: 0.1 },
  weightDecayMode: { weightDecay: 20, weightDecayMode: 'decoupled' },
}

/** θ after some steps. */
function end(options: OptimizerOptions): number[] {
  let cell = cellOf()
  const rule = optimizer(options)
  for (const gradient of gradientsFor(cell, 10)) cell = plus(cell, rule.update(gradient, cell).parameters)
  return flat(cell.parameters)
}

describe('every option of an optimizer', () => {
  for (const rule of optimizerRules)
    for (const option of ruleOptions[rule].filter((name) => name !== 'rule'))
      it(`${option} makes a difference to ${rule}`, () => {
        const ground = { rule, ...grounds[option] }
        should(end({ ...ground, ...others[option] })).not.eql(end(ground))
      })

  it('is known, with what each rule does not use refused by its name', () => {
    for (const [option, value] of Object.entries(others))
      for (const rule of optimizerRules.filter((name) => !(ruleOptions[name] as string[]).includes(option)))
        throwsExpected(
          () => optimizer({ ...value, rule }),
          new RegExp(`^expected ${option} only with the rule .*, got it with ${rule}$`),
        )
  })

  it('may be undefined', () => {
    should(end({ rule: 'sgd', beta1: undefined, epsilon: undefined })).eql(end({ rule: 'sgd' }))
  })
})

describe('optimizer refuses', () => {
  const wrong: [OptimizerOptions, string][] = [
    [
      { rule: 'ftrl' as 'adam' },
      'expected rule to be one of sgd, adagrad, adadelta, rmsprop, adam, amsgrad, adamw, adamax, nadam, radam, lion, got the text "ftrl"',
    ],
    [
      { rule: 'sgd', beta1: 0.9 },
      'expected beta1 only with the rule adam, amsgrad, adamw, adamax, nadam, radam, lion, got it with sgd',
    ],
    [{ momentum: 0.9 }, 'expected momentum only with the rule sgd, rmsprop, got it with adam'],
    [
      { rule: 'amsgrad', amsgrad: false },
      'expected amsgrad only with the rule adam, adamw, got it with amsgrad',
    ],
    [
      { rule: 'lion', lr: 1 } as OptimizerOptions,
      'expected an option of the rule lion: rule, learningRate, weightDecay, weightDecayMode, accumulate, schedule, beta1, beta2, got lr',
    ],
    [{ learningRate: -0.1 }, 'expected learningRate to be a number from 0, got -0.1'],
    [{ learningRate: Number.NaN }, 'expected learningRate to be a number from 0, got NaN'],
    [{ beta1: 1 }, 'expected beta1 below 1, got 1'],
    [{ beta2: 1.5 }, 'expected beta2 to be a number from 0 up to 1, got 1.5'],
    [{ epsilon: -1 }, 'expected epsilon to be a number from 0, got -1'],
    [
      { epsilonPlacement: 'inside' as 'keras' },
      'expected epsilonPlacement to be one of torch, keras, got the text "inside"',
    ],
    [{ amsgrad: 'yes' as unknown as true }, 'expected amsgrad to be true or false, got the text "yes"'],
    [{ rule: 'sgd', momentum: 1 }, 'expected momentum below 1, got 1'],
    [{ rule: 'sgd', momentum: -0.5 }, 'expected momentum to be a number from 0 up to 1, got -0.5'],
    [{ rule: 'sgd', dampening: 2 }, 'expected dampening to be a number from 0 up to 1, got 2'],
    [{ rule: 'sgd', nesterov: true }, 'expected a momentum above 0 for Nesterov, got 0'],
    [
      { rule: 'sgd', nesterov: true, momentum: 0.9, dampening: 0.1 },
      'expected a dampening of 0 for Nesterov, got 0.1',
    ],
    [{ rule: 'rmsprop', alpha: 1 }, 'expected alpha below 1, got 1'],
    [{ rule: 'adadelta', rho: 1.1 }, 'expected rho to be a number from 0 up to 1, got 1.1'],
    [{ rule: 'adagrad', learningRateDecay: -1 }, 'expected learningRateDecay to be a number from 0, got -1'],
    [
      { rule: 'adagrad', initialAccumulator: -1 },
      'expected initialAccumulator to be a number from 0, got -1',
    ],
    [{ rule: 'nadam', momentumDecay: -1 }, 'expected momentumDecay to be a number from 0, got -1'],
    [{ weightDecay: -1 }, 'expected weightDecay to be a number from 0, got -1'],
    [
      { weightDecayMode: 'L2' as 'l2' },
      'expected weightDecayMode to be one of l2, decoupled, got the text "L2"',
    ],
    [{ accumulate: 0 }, 'expected accumulate to be a whole number from 1, got 0'],
    [{ accumulate: 1.5 }, 'expected accumulate to be a whole number from 1, got 1.5'],
  ]
  for (const [options, message] of wrong)
    it(JSON.stringify(options), () => throwsExpected(() => optimizer(options), message))
})

describe('defaultLearningRate', () => {
  it("is PyTorch's, but 0.01 for sgd; of lion the paper's", () => {
    const known: Record<OptimizerRule, number> = {
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
    const cell = cellOf()
    const [gradient] = gradientsFor(cell, 1)
    for (const rule of optimizerRules) {
      should(defaultLearningRate(rule)).equal(known[rule])
      should(optimizer({ rule }).update(gradient, cell).learningRate).equal(known[rule])
    }
  })
})
