/** Every rule against PyTorch's documented algorithm, number by number, and through its state and back. */
import should from 'should'
import { type OptimizerOptions, optimizer } from '../../../src/optimizer/optimizer'
import { cellOf, flat, gradientsFor, plus } from './cells'
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  decoupled,
  l2,
  lion,
  nadam,
  plain,
  radam,
  rmsprop,
  sgd,
  type Textbook,
} from './textbook'

const betas = { beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }

const rules: [name: string, options: OptimizerOptions, textbook: Textbook][] = [
  ['SGD by default', { rule: 'sgd' }, plain(sgd(0.01))],
  ['SGD with another rate', { rule: 'sgd', learningRate: 0.3 }, plain(sgd(0.3))],
  ['SGD with momentum', { rule: 'sgd', momentum: 0.9 }, plain(sgd(0.01, 0.9))],
  ['SGD, dampened', { rule: 'sgd', momentum: 0.9, dampening: 0.3 }, plain(sgd(0.01, 0.9, 0.3))],
  ['SGD after Nesterov', { rule: 'sgd', momentum: 0.8, nesterov: true }, plain(sgd(0.01, 0.8, 0, true))],
  ['SGD with momentum and L2', { rule: 'sgd', momentum: 0.9, weightDecay: 0.3 }, l2(0.3, sgd(0.01, 0.9))],
  [
    'SGD with decoupled weight decay',
    { rule: 'sgd', momentum: 0.9, weightDecay: 0.3, weightDecayMode: 'decoupled' },
    decoupled(0.3, 0.01, sgd(0.01, 0.9)),
  ],
  ['Adagrad by default', { rule: 'adagrad' }, plain(adagrad(0.01))],
  [
    'Adagrad',
    { rule: 'adagrad', learningRate: 0.5, learningRateDecay: 0.1, initialAccumulator: 2, epsilon: 0.1 },
    plain(adagrad(0.5, 0.1, 2, 0.1)),
  ],
  ['Adagrad with L2', { rule: 'adagrad', weightDecay: 0.2 }, l2(0.2, adagrad(0.01))],
  ['Adadelta by default', { rule: 'adadelta' }, plain(adadelta())],
  [
    'Adadelta',
    { rule: 'adadelta', learningRate: 0.5, rho: 0.7, epsilon: 1e-3, weightDecay: 0.1 },
    l2(0.1, adadelta(0.5, 0.7, 1e-3)),
  ],
  ['RMSprop by default', { rule: 'rmsprop' }, plain(rmsprop(0.01))],
  ['RMSprop, centred', { rule: 'rmsprop', centered: true }, plain(rmsprop(0.01, 0.99, true))],
  ['RMSprop with momentum', { rule: 'rmsprop', momentum: 0.9 }, plain(rmsprop(0.01, 0.99, false, 0.9))],
  [
    'RMSprop with everything',
    { rule: 'rmsprop', alpha: 0.8, centered: true, momentum: 0.5, epsilon: 0.01, weightDecay: 0.1 },
    l2(0.1, rmsprop(0.01, 0.8, true, 0.5, 0.01)),
  ],
  ['Adam by default', {}, plain(adam(1e-3))],
  [
    'Adam',
    { rule: 'adam', learningRate: 0.02, ...betas, weightDecay: 0.1 },
    l2(0.1, adam(0.02, 0.8, 0.95, 1e-3)),
  ],
  ['Adam with amsgrad', { rule: 'adam', ...betas, amsgrad: true }, plain(adam(1e-3, 0.8, 0.95, 1e-3, true))],
  ['AMSGrad by default', { rule: 'amsgrad' }, plain(adam(1e-3, 0.9, 0.999, 1e-8, true))],
  ['AMSGrad', { rule: 'amsgrad', ...betas }, plain(adam(1e-3, 0.8, 0.95, 1e-3, true))],
  ['AdamW by default', { rule: 'adamw' }, decoupled(0.01, 1e-3, adam(1e-3))],
  [
    'AdamW',
    { rule: 'adamw', learningRate: 0.1, ...betas, weightDecay: 0.4, amsgrad: true },
    decoupled(0.4, 0.1, adam(0.1, 0.8, 0.95, 1e-3, true)),
  ],
  ['AdamW with L2', { rule: 'adamw', weightDecayMode: 'l2' }, l2(0.01, adam(1e-3))],
  ['Adamax by default', { rule: 'adamax' }, plain(adamax(2e-3))],
  ['Adamax', { rule: 'adamax', ...betas, weightDecay: 0.1 }, l2(0.1, adamax(2e-3, 0.8, 0.95, 1e-3))],
  ['NAdam by default', { rule: 'nadam' }, plain(nadam(2e-3))],
  [
    'NAdam',
    { rule: 'nadam', ...betas, momentumDecay: 0.5, weightDecay: 0.1 },
    l2(0.1, nadam(2e-3, 0.8, 0.95, 1e-3, 0.5)),
  ],
  [
    'NAdam with decoupled weight decay',
    { rule: 'nadam', weightDecay: 0.1, weightDecayMode: 'decoupled' },
    decoupled(0.1, 2e-3, nadam(2e-3)),
  ],
  ['RAdam by default', { rule: 'radam' }, plain(radam(1e-3))],
  ['RAdam', { rule: 'radam', ...betas, weightDecay: 0.1 }, l2(0.1, radam(1e-3, 0.8, 0.95, 1e-3))],
  [
    'RAdam with decoupled weight decay',
    { rule: 'radam', weightDecay: 0.1, weightDecayMode: 'decoupled' },
    decoupled(0.1, 1e-3, radam(1e-3)),
  ],
  ['Lion by default', { rule: 'lion' }, plain(lion(1e-4))],
  [
    'Lion',
    { rule: 'lion', learningRate: 0.01, beta1: 0.6, beta2: 0.8, weightDecay: 0.1 },
    decoupled(0.1, 0.01, lion(0.01, 0.6, 0.8)),
  ],
  ['Lion with L2', { rule: 'lion', weightDecay: 50, weightDecayMode: 'l2' }, l2(50, lion(1e-4))],
]

for (const [name, options, textbook] of rules) {
  describe(`optimizer, ${name}`, () => {
    it('agrees with the textbook to 1e-12 over 25 steps', () => {
      let cell = cellOf()
      const start = flat(cell.parameters)
      const steps = gradientsFor(cell, 25)
      const rule = optimizer(options)
      const made = steps.map((gradient) => {
        const { parameters } = rule.update(gradient, cell)
        cell = plus(cell, parameters)
        return flat(parameters)
      })
      const series = steps.map(({ parameters }) => flat(parameters))
      start.forEach((theta, at) => {
        const wanted = textbook(
          theta,
          series.map((numbers) => numbers[at]),
        )
        wanted.forEach((delta, k) => {
          should(Math.abs(made[k][at] - delta)).be.belowOrEqual(1e-12 * Math.abs(delta), `step ${k + 1}`)
        })
      })
    })

    for (const precision of ['float32', 'float64'] as const)
      it(`goes on from its state bit for bit in ${precision}`, () => {
        const cell = cellOf(precision)
        const steps = gradientsFor(cell, 12)
        const original = optimizer(options)
        for (const gradient of steps.slice(0, 5)) original.update(gradient, cell)
        const resumed = optimizer(options, original.state())
        for (const gradient of steps.slice(5))
          should(resumed.update(gradient, cell)).eql(original.update(gradient, cell))
        should(resumed.state()).eql(original.state())
      })

    it('hands over a state that later steps do not change', () => {
      const cell = cellOf()
      const rule = optimizer(options)
      const [first, second] = gradientsFor(cell, 2)
      rule.update(first, cell)
      const state = rule.state()
      const before = JSON.stringify(state)
      rule.update(second, cell)
      should(JSON.stringify(state)).equal(before)
    })

    it('changes neither gradient nor cell', () => {
      const cell = cellOf()
      const [gradient] = gradientsFor(cell, 1)
      const before = JSON.stringify([gradient, cell])
      const rule = optimizer(options)
      rule.update(gradient, cell)
      rule.update(gradient, cell)
      should(JSON.stringify([gradient, cell])).equal(before)
    })

    it('keeps shapes and precision', () => {
      for (const precision of ['float32', 'float64'] as const) {
        const cell = cellOf(precision)
        const { parameters } = optimizer(options).update(gradientsFor(cell, 1)[0], cell)
        should(Object.keys(parameters)).eql(Object.keys(cell.parameters))
        for (const [parameter, { shape, dtype, data }] of Object.entries(cell.parameters)) {
          should(parameters[parameter]).containEql({ shape, dtype })
          should(parameters[parameter]?.data).be.instanceOf(data.constructor)
        }
      }
    })
  })
}

describe('optimizer remembers what its rule needs, and no more', () => {
  const remembered: [OptimizerOptions, string[]][] = [
    [{ rule: 'sgd' }, []],
    [{ rule: 'sgd', momentum: 0.9 }, ['velocity']],
    [{ rule: 'adagrad' }, ['sum']],
    [{ rule: 'adadelta' }, ['square', 'changeSquare']],
    [{ rule: 'rmsprop' }, ['square']],
    [{ rule: 'rmsprop', centered: true }, ['square', 'mean']],
    [{ rule: 'rmsprop', momentum: 0.9 }, ['square', 'velocity']],
    [{ rule: 'adam' }, ['mean', 'square']],
    [{ rule: 'amsgrad' }, ['mean', 'square', 'maxSquare']],
    [{ rule: 'adamw' }, ['mean', 'square']],
    [{ rule: 'adamax' }, ['mean', 'norm']],
    [{ rule: 'nadam' }, ['mean', 'square', 'momentumProduct']],
    [{ rule: 'radam' }, ['mean', 'square']],
    [{ rule: 'lion' }, ['mean']],
  ]
  for (const [options, names] of remembered)
    it(JSON.stringify(options), () => {
      const cell = cellOf()
      const made = optimizer(options)
      for (const gradient of gradientsFor(cell, 2)) made.update(gradient, cell)
      for (const parameter of Object.keys(cell.parameters))
        should(Object.keys(made.state().moments[parameter])).eql(names)
    })
})
