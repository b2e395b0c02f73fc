/** The rules against a textbook's, number by number, and what an optimizer remembers. */
import should from 'should'
import {
  applyUpdate,
  type Cell,
  type Dtype,
  defaultLearningRate,
  type Gradient,
  type Optimizer,
  type OptimizerOptions,
  type OptimizerUpdate,
  optimizer,
  type ParameterName,
  type Parameters,
  parameterNames,
  rnnCell,
  tensor,
} from '../../../src'
import { random } from '../../../src/random/random'
import { throwsExpected } from '../../support/throws'

const sizes = { inputSize: 2, hiddenSize: 3, outputSize: 1 }
const cellOf = (precision: Dtype = 'float64'): Cell => rnnCell({ ...sizes, precision })

/** A gradient for a cell, its numbers drawn or all the same. */
const gradientFor = (cell: Cell, next: () => number): Pick<Gradient, 'parameters'> => ({
  parameters: Object.fromEntries(
    parameterNames.map((name) => {
      const { shape, dtype, data } = cell.parameters[name]
      return [name, tensor(dtype, shape, data.map(next))]
    }),
  ) as Parameters,
})
const gradients = (cell: Cell, count: number) => {
  const { normal } = random(21)
  return Array.from({ length: count }, (_, k) => gradientFor(cell, () => normal() * 10 ** (k % 5)))
}
const flat = (parameters: Partial<Record<ParameterName, { data: ArrayLike<number> }>>): number[] =>
  parameterNames.flatMap((name) => Array.from(parameters[name]?.data ?? []))
const deltas = ({ parameters }: OptimizerUpdate) => flat(parameters)

/** One number's rule: its gradients in order, to its Δ in order. */
type Textbook = (gradients: number[]) => number[]

const sgdOf =
  (rate: number, momentum: number, nesterov = false): Textbook =>
  (series) => {
    let velocity = 0
    return series.map((g, k) => {
      velocity = k === 0 ? g : momentum * velocity + g
      return -rate * (nesterov ? g + momentum * velocity : velocity)
    })
  }
const adamOf =
  (rate: number, beta1: number, beta2: number, epsilon: number): Textbook =>
  (series) => {
    let [m, v] = [0, 0]
    return series.map((g, k) => {
      m = beta1 * m + (1 - beta1) * g
      v = beta2 * v + (1 - beta2) * g ** 2
      const corrected = [m / (1 - beta1 ** (k + 1)), v / (1 - beta2 ** (k + 1))]
      return (-rate * corrected[0]) / (Math.sqrt(corrected[1]) + epsilon)
    })
  }

const rules: [name: string, options: OptimizerOptions, textbook: Textbook][] = [
  ['plain SGD', { rule: 'sgd', learningRate: 0.3 }, (series) => series.map((g) => -0.3 * g)],
  ['SGD by default', { rule: 'sgd' }, (series) => series.map((g) => -0.01 * g)],
  ['SGD with momentum', { rule: 'sgd', learningRate: 0.1, momentum: 0.9 }, sgdOf(0.1, 0.9)],
  [
    'SGD after Nesterov',
    { rule: 'sgd', learningRate: 0.1, momentum: 0.8, nesterov: true },
    sgdOf(0.1, 0.8, true),
  ],
  [
    'Adam',
    { rule: 'adam', learningRate: 0.02, beta1: 0.8, beta2: 0.99, epsilon: 1e-3 },
    adamOf(0.02, 0.8, 0.99, 1e-3),
  ],
  ['Adam by default', {}, adamOf(1e-3, 0.9, 0.999, 1e-8)],
]

describe('optimizer', () => {
  for (const [name, options, textbook] of rules) {
    it(`${name} agrees with the textbook to 1e-12 over 20 steps`, () => {
      const cell = cellOf()
      const steps = gradients(cell, 20)
      const rule = optimizer(options)
      const updates = steps.map((gradient) => deltas(rule.update(gradient, cell)))
      const series = steps.map(({ parameters }) => flat(parameters))
      series[0].forEach((_, at) => {
        const wanted = textbook(series.map((numbers) => numbers[at]))
        wanted.forEach((delta, step) => {
          should(Math.abs(updates[step][at] - delta)).be.belowOrEqual(
            1e-12 * Math.abs(delta),
            `step ${step + 1}`,
          )
        })
      })
    })

    it(`${name} resumes from its state bit for bit`, () => {
      const cell = cellOf('float32')
      const steps = gradients(cell, 12)
      const original = optimizer(options)
      for (const gradient of steps.slice(0, 5)) original.update(gradient, cell)
      const resumed = optimizer(options, original.state())
      for (const gradient of steps.slice(5)) {
        const [one, other] = [original.update(gradient, cell), resumed.update(gradient, cell)]
        should(deltas(other)).eql(deltas(one))
        should(other.step).equal(one.step)
      }
      should(resumed.state()).eql(original.state())
    })

    it(`${name} hands over a state that later steps do not change`, () => {
      const cell = cellOf()
      const rule = optimizer(options)
      const [first, second] = gradients(cell, 2)
      rule.update(first, cell)
      const state = rule.state()
      const before = JSON.stringify(state)
      rule.update(second, cell)
      should(JSON.stringify(state)).equal(before)
    })

    it(`${name} changes neither gradient nor cell`, () => {
      const cell = cellOf()
      const [gradient] = gradients(cell, 1)
      const before = JSON.stringify([gradient, cell])
      const rule = optimizer(options)
      rule.update(gradient, cell)
      rule.update(gradient, cell)
      should(JSON.stringify([gradient, cell])).equal(before)
    })
  }

  it('makes updates that a cell can add, with the shapes and precision of its parameters', () => {
    const cell = cellOf('float32')
    const { parameters } = optimizer().update(gradients(cell, 1)[0], cell)
    for (const name of parameterNames) {
      should(parameters[name]?.shape).eql(cell.parameters[name].shape)
      should(parameters[name]?.data).be.instanceOf(Float32Array)
    }
    applyUpdate(cell, { parameters })
  })

  it('takes a learning rate for one step only', () => {
    const cell = cellOf()
    const rule = optimizer({ rule: 'sgd', learningRate: 0.5 })
    const gradient = gradientFor(cell, () => 2)
    const rates = [
      rule.update(gradient, cell),
      rule.update(gradient, cell, 0.25),
      rule.update(gradient, cell),
    ]
    should(rates.map(({ learningRate }) => learningRate)).eql([0.5, 0.25, 0.5])
    should(rates.map((update) => deltas(update)[0])).eql([-1, -0.5, -1])
  })

  it('counts its updates from 1', () => {
    const cell = cellOf()
    const rule = optimizer()
    should(gradients(cell, 3).map((gradient) => rule.update(gradient, cell).step)).eql([1, 2, 3])
    should(rule.state().step).equal(3)
  })

  it('knows a learning rate that suits each rule', () => {
    should([defaultLearningRate('adam'), defaultLearningRate('sgd')]).eql([1e-3, 1e-2])
    const cell = cellOf()
    const [gradient] = gradients(cell, 1)
    should(optimizer({ rule: 'sgd' }).update(gradient, cell).learningRate).equal(1e-2)
    should(optimizer().update(gradient, cell).learningRate).equal(1e-3)
  })
})

describe('optimizer skips a step that would leave the finite numbers, and stays as it was', () => {
  const narrow = cellOf('float32')
  const large = rnnCell({ ...sizes, parameters: { c: [3e38] } })
  const skips: [
    what: string,
    rule: Optimizer,
    cell: Cell,
    gradient: Pick<Gradient, 'parameters'>,
    learningRate?: number,
  ][] = [
    ['a gradient with NaN, plain', optimizer({ rule: 'sgd' }), narrow, gradientFor(narrow, () => Number.NaN)],
    [
      'a gradient with Infinity, momentum',
      optimizer({ rule: 'sgd', momentum: 0.9 }),
      narrow,
      gradientFor(narrow, () => Number.POSITIVE_INFINITY),
    ],
    ['a gradient with NaN, Adam', optimizer(), narrow, gradientFor(narrow, () => Number.NaN)],
    ['a second moment beyond float32', optimizer(), narrow, gradientFor(narrow, () => 1e22)],
    [
      'a velocity beyond float32',
      optimizer({ rule: 'sgd', momentum: 0.9, learningRate: 1e-38 }),
      narrow,
      gradientFor(narrow, () => 3e38),
    ],
    ['a Δ beyond float32', optimizer({ rule: 'sgd' }), narrow, gradientFor(narrow, () => 1e30), 1e30],
    ['a parameter + Δ beyond float32', optimizer({ rule: 'sgd' }), large, gradientFor(large, () => -3e38), 1],
  ]
  for (const [what, rule, cell, gradient, learningRate] of skips) {
    it(what, () => {
      // a step before: its moments are what must not be lost, and what 3e38 is added to
      rule.update(
        gradientFor(cell, () => (what.startsWith('a velocity') ? 3e38 : 0.5)),
        cell,
        1e-38,
      )
      const before = rule.state()
      should(before.step).equal(1)
      const update = rule.update(gradient, cell, learningRate)
      should(update).containEql({ parameters: {}, step: 1, skipped: true })
      should(applyUpdate(cell, update)).equal(cell)
      should(rule.state()).eql(before)
      should(
        rule.update(
          gradientFor(cell, () => 0.5),
          cell,
          1e-38,
        ),
      ).containEql({ step: 2, skipped: false })
    })
  }

  it('if only one number of one parameter is bad', () => {
    const { parameters } = gradientFor(narrow, () => 1)
    const c = tensor('float32', [1], Float32Array.of(Number.NaN))
    should(optimizer().update({ parameters: { ...parameters, c } }, narrow).skipped).be.true()
  })
})

describe('optimizer refuses', () => {
  const cell = cellOf()
  const [gradient] = gradients(cell, 1)

  it('a gradient of another shape, naming the parameter', () => {
    const V = tensor('float64', [3, 1])
    throwsExpected(
      () => optimizer().update({ parameters: { ...gradient.parameters, V } }, cell),
      'expected a gradient of V of shape [1, 3], got [3, 1]',
    )
  })

  it('a gradient that misses a parameter', () => {
    const { U: _, ...parameters } = gradient.parameters
    throwsExpected(
      () => optimizer().update({ parameters: parameters as Parameters }, cell),
      'expected a gradient of U of shape [3, 2], got none',
    )
  })

  it('a state of another rule', () => {
    throwsExpected(
      () => optimizer({ rule: 'sgd' }, optimizer().state()),
      'expected a state of the rule sgd, got one of adam',
    )
  })

  it('a learning rate for one step that is none', () => {
    throwsExpected(
      () => optimizer().update(gradient, cell, -1),
      'expected learningRate to be a number from 0, got -1',
    )
  })

  const wrong: [OptimizerOptions, string][] = [
    [{ rule: 'adamw' as 'adam' }, 'expected rule to be one of sgd, adam, got the text "adamw"'],
    [{ learningRate: -0.1 }, 'expected learningRate to be a number from 0, got -0.1'],
    [{ learningRate: Number.NaN }, 'expected learningRate to be a number from 0, got NaN'],
    [{ beta1: 1 }, 'expected beta1 below 1, got 1'],
    [{ beta2: 1.5 }, 'expected beta2 to be a number from 0 up to 1, got 1.5'],
    [{ epsilon: -1 }, 'expected epsilon to be a number from 0, got -1'],
    [{ rule: 'sgd', momentum: 1 }, 'expected momentum below 1, got 1'],
    [{ rule: 'sgd', momentum: -0.5 }, 'expected momentum to be a number from 0 up to 1, got -0.5'],
    [{ rule: 'sgd', nesterov: true }, 'expected a momentum above 0 for Nesterov, got 0'],
  ]
  for (const [options, message] of wrong)
    it(JSON.stringify(options), () => throwsExpected(() => optimizer(options), message))
})

describe('optimizer on another cell than before', () => {
  it('begins again, step count and moments, when the sizes differ', () => {
    const used = optimizer({ rule: 'adam' })
    const small = cellOf()
    for (const gradient of gradients(small, 5)) used.update(gradient, small)
    const large = rnnCell({ ...sizes, hiddenSize: 4, precision: 'float64' })
    const gradient = gradientFor(large, () => 0.5)
    const update = used.update(gradient, large)
    should(update.step).equal(1)
    should(deltas(update)).eql(deltas(optimizer({ rule: 'adam' }).update(gradient, large)))
  })

  it('does nothing where there has been no gradient, even with epsilon 0', () => {
    const cell = cellOf()
    const update = optimizer({ rule: 'adam', epsilon: 0 }).update(
      gradientFor(cell, () => 0),
      cell,
    )
    should(update.skipped).be.false()
    should(deltas(update).every((change) => change === 0)).be.true()
  })
})
