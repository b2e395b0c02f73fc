/** optimizer: each rule, and each option of its dialog, seen in the update that leaves the node. */
import should from 'should'
import { type OptimizerOptions, type OptimizerRule, optimizerRules } from '../../src'
import { withFlow } from '../support/flow'
import {
  deltasByLibrary,
  deltasOf,
  gradientMessages,
  optimizerNode,
  passing,
  ratesOf,
  updatesBy,
} from '../support/optimizer-flow'

/** As a dialog saves it: numbers as text. */
const asConfig = (options: object) =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]),
  )

/** What every field of the dialog holds when it is blank. */
const blank = asConfig({
  learningRate: '',
  learningRateType: 'num',
  momentum: '',
  nesterov: false,
  dampening: '',
  alpha: '',
  centered: false,
  rho: '',
  beta1: '',
  beta2: '',
  epsilon: '',
  epsilonPlacement: 'torch',
  amsgrad: false,
  learningRateDecay: '',
  initialAccumulator: '',
  momentumDecay: '',
  weightDecay: '',
  weightDecayMode: '',
  accumulate: '',
  schedule: 'constant',
  store: '',
})

/** Of the other rules: fields that are hidden then, and hold what nobody could read. */
const nonsense = {
  momentum: 'much',
  nesterov: true,
  dampening: '7',
  alpha: '-1',
  rho: 'x',
  beta1: '2',
  scheduleGamma: 'y',
  scheduleMilestones: 'soon',
  warmupSteps: '-3',
}

describe('optimizer: the rules', () => {
  for (const rule of optimizerRules) {
    it(`${rule} with blank fields is the library's, learning rate included`, async () => {
      const got = (await updatesBy({ ...blank, rule }, gradientMessages(6))).map(deltasOf)
      should(got).eql(deltasByLibrary({ rule }, 6))
      if (rule !== 'adam') should(got).not.eql(deltasByLibrary({}, 6))
    })
  }

  it('is adam when nothing was saved', async () => {
    const got = (await updatesBy({}, gradientMessages(3))).map(deltasOf)
    should(got).eql(deltasByLibrary({ rule: 'adam' }, 3))
  })

  it('takes what version 0.1.0 saved', async () => {
    const saved = {
      name: '',
      learningRate: '0.02',
      learningRateType: 'num',
      momentum: '0.9',
      nesterov: true,
      beta1: '0.8',
      beta2: '0.9',
      epsilon: '1e-4',
      store: '',
    }
    const [adam, sgd] = [
      await updatesBy({ ...saved, rule: 'adam' }, gradientMessages(3)),
      await updatesBy({ ...saved, rule: 'sgd' }, gradientMessages(3)),
    ]
    should(adam.map(deltasOf)).eql(
      deltasByLibrary({ learningRate: 0.02, beta1: 0.8, beta2: 0.9, epsilon: 1e-4 }, 3),
    )
    should(sgd.map(deltasOf)).eql(
      deltasByLibrary({ rule: 'sgd', learningRate: 0.02, momentum: 0.9, nesterov: true }, 3),
    )
  })
})

describe('optimizer: the options of its rules', () => {
  const options: [OptimizerRule, ground: OptimizerOptions, option: OptimizerOptions][] = [
    ['sgd', {}, { learningRate: 0.3 }],
    ['sgd', {}, { momentum: 0.5 }],
    ['sgd', { momentum: 0.5 }, { dampening: 0.4 }],
    ['sgd', { momentum: 0.5 }, { nesterov: true }],
    ['rmsprop', {}, { momentum: 0.5 }],
    ['rmsprop', {}, { alpha: 0.5 }],
    ['rmsprop', {}, { centered: true }],
    ['rmsprop', { epsilon: 0.3 }, { epsilonPlacement: 'keras' }],
    ['adagrad', {}, { learningRateDecay: 0.5 }],
    ['adagrad', {}, { initialAccumulator: 3 }],
    ['adagrad', {}, { epsilon: 0.3 }],
    ['adagrad', { epsilon: 0.3 }, { epsilonPlacement: 'keras' }],
    ['adadelta', {}, { rho: 0.5 }],
    ['adadelta', {}, { epsilon: 0.3 }],
    ['adam', {}, { beta1: 0.5 }],
    ['adam', {}, { beta2: 0.5 }],
    ['adam', {}, { epsilon: 0.3 }],
    ['adam', { epsilon: 0.3 }, { epsilonPlacement: 'keras' }],
    ['adam', {}, { amsgrad: true }],
    ['adamw', {}, { amsgrad: true }],
    ['adamw', {}, { weightDecay: 0.5 }],
    ['adamax', { epsilon: 0.3 }, { epsilonPlacement: 'keras' }],
    ['nadam', {}, { momentumDecay: 1 }],
    ['radam', {}, { beta2: 0.5 }],
    ['lion', {}, { beta1: 0.1 }],
    ['lion', {}, { beta2: 0.1 }],
    ['sgd', {}, { weightDecay: 0.5 }],
    ['adam', { weightDecay: 0.5 }, { weightDecayMode: 'decoupled' }],
    ['lion', { weightDecay: 0.5 }, { weightDecayMode: 'l2' }],
  ]
  for (const [rule, ground, option] of options) {
    it(`heeds ${JSON.stringify(option)} of ${rule}`, async () => {
      const config = asConfig({ ...blank, rule, ...ground, ...option })
      const got = (await updatesBy(config, gradientMessages(9))).map(deltasOf)
      should(got).eql(deltasByLibrary({ rule, ...ground, ...option }, 9))
      should(got).not.eql(deltasByLibrary({ rule, ...ground }, 9))
    })
  }

  for (const [rule, own] of [
    ['sgd', { momentum: '', nesterov: false, dampening: '' }],
    ['lion', { beta1: '' }],
  ] as const)
    it(`does not read what the fields of other rules hold under ${rule}`, async () => {
      const got = await updatesBy({ ...blank, ...nonsense, ...own, rule }, gradientMessages(2))
      should(got.map(deltasOf)).eql(deltasByLibrary({ rule }, 2))
    })

  it('takes its learning rate from the message, the schedule starting from it', async () => {
    const config = {
      learningRate: 'eta',
      learningRateType: 'msg',
      schedule: 'exponential',
      scheduleGamma: '0.5',
    }
    const messages = gradientMessages(3).map((msg, index) => ({ ...msg, eta: index + 1 }))
    should(ratesOf(await updatesBy(config, messages))).eql([1, 1, 0.75])
  })

  for (const [config, says] of [
    [{ rule: 'ftrl' }, /expected rule to be one of sgd, .*, got the text "ftrl"/],
    [{ beta1: '1' }, /expected beta1 below 1, got 1/],
    [{ rule: 'sgd', momentum: 'much' }, /expected momentum to be a number, got the text "much"/],
    [{ rule: 'sgd', nesterov: true }, /expected a momentum above 0 for Nesterov, got 0/],
    [{ epsilonPlacement: 'inside' }, /expected epsilon placement to be one of torch, keras/],
    [{ weightDecayMode: 'both' }, /expected weight decay mode to be one of l2, decoupled/],
    [{ accumulate: '0' }, /expected accumulate to be a whole number from 1, got 0/],
  ] as const)
    it(`says what is wrong with ${JSON.stringify(config)} to every message`, () =>
      withFlow(optimizerNode(config), async (flow) => {
        flow.send('optimizer', gradientMessages(1)[0])
        const { error } = await flow.next('errors')
        should(error?.message).startWith('optimizer: expected').and.match(says)
      }))
})

describe('optimizer: what it sends', () => {
  it('gives numbers that JSON can carry, whatever the schedule does', async () => {
    const config = { rule: 'sgd', learningRate: '1', schedule: 'exponential', scheduleGamma: '1e200' }
    const [, , third] = await updatesBy(config, gradientMessages(3))
    should(third.update).containEql({ skipped: true, step: 2 })
    should(third.payload).eql({ step: 2, loss: 0.5, learningRate: null, norm: 1 })
  })

  it('takes a reset: the next update is the first', () =>
    withFlow(optimizerNode({ rule: 'adagrad' }), async (flow) => {
      const messages = gradientMessages(4)
      await passing(flow, messages.slice(0, 2))
      flow.send('optimizer', { reset: true })
      const [first] = await passing(flow, messages)
      should(first.update?.step).equal(1)
      should(deltasOf(first)).eql(deltasByLibrary({ rule: 'adagrad' }, 1)[0])
      const [again] = await passing(flow, [{ ...messages[0], reset: true }])
      should(again.update?.step).equal(1)
      should(again.reset).equal(undefined)
    }))
})
