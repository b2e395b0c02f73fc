/** What an optimizer remembers from step to step, what it skips, and gradients that do not fit. */
import should from 'should'
import { type Optimizer, type OptimizerState, optimizer } from '../../../src/optimizer/optimizer'
import type { Cell } from '../../../src/rnn-cell/cell'
import type { Parameters } from '../../../src/rnn-cell/parameters'
import { applyUpdate } from '../../../src/rnn-cell/update'
import { tensor } from '../../../src/tensor/tensor'
import { throwsExpected } from '../../support/throws'
import { cellOf, flat, gradientFor, gradientsFor, plus, rowCell } from './cells'

describe('optimizer', () => {
  it('makes updates that a cell can add', () => {
    const cell = cellOf('float32')
    const update = optimizer().update(gradientsFor(cell, 1)[0], cell)
    should(flat(applyUpdate(cell, update).parameters)).eql(flat(plus(cell, update.parameters).parameters))
  })

  it('refuses a gradient with the regularizer Ω that was not clipped', () => {
    const cell = cellOf()
    const regularization = { omega: 1, coefficient: 1, form: 'ratio', norm: 1 } as const
    const gradient = { ...gradientFor(cell, () => 2), regularization }
    const clip = { rule: 'value', normBefore: 1, normAfter: 1, coefficient: 1, clipped: false } as const
    throwsExpected(
      () => optimizer().update(gradient, cell),
      'expected a clipped gradient, since it has the regularizer Ω, got one that was not',
    )
    should(optimizer().update({ ...gradient, clip }, cell).skipped).equal(false)
    throwsExpected(
      () => optimizer().update({ ...gradient, clip: { ...clip, rule: 'zero-nans' } }, cell),
      /clipped/,
    )
  })

  it('takes a learning rate for one step only', () => {
    const cell = cellOf()
    const rule = optimizer({ rule: 'sgd', learningRate: 0.5 })
    const gradient = gradientFor(cell, () => 2)
    const updates = [undefined, 0.25, undefined].map((rate) => rule.update(gradient, cell, rate))
    should(updates.map(({ learningRate }) => learningRate)).eql([0.5, 0.25, 0.5])
    should(updates.map(({ parameters }) => flat(parameters)[0])).eql([-1, -0.5, -1])
  })

  it('counts its updates from 1', () => {
    const cell = cellOf()
    const rule = optimizer()
    should(gradientsFor(cell, 3).map((gradient) => rule.update(gradient, cell).step)).eql([1, 2, 3])
    should(rule.state().step).equal(3)
  })

  it('has a first step of Adam as long as the learning rate (Kingma & Ba, section 2.1)', () => {
    const cell = rowCell([0, 0, 0])
    const numbers = [1e-6, -40, 1e9].values()
    const gradient = gradientFor(cell, () => Number(numbers.next().value))
    const { parameters } = optimizer({ epsilon: 0 }).update(gradient, cell)
    for (const [index, sign] of [-1, 1, -1].entries())
      should(flat(parameters)[index]).be.approximately(sign * 1e-3, 1e-15)
  })

  for (const rule of [
    'adam',
    'amsgrad',
    'adamax',
    'nadam',
    'radam',
    'rmsprop',
    'adagrad',
    'adadelta',
  ] as const)
    it(`does nothing where there has been no gradient, even ${rule} with epsilon 0`, () => {
      const cell = cellOf()
      const made = optimizer({ rule, epsilon: 0 })
      for (let step = 0; step < 8; step++) {
        const update = made.update(
          gradientFor(cell, () => 0),
          cell,
        )
        should(update.skipped).be.false()
        should(flat(update.parameters).every((change) => change === 0)).be.true()
      }
    })
})

describe('optimizer skips a step that would leave the finite numbers, and stays as it was', () => {
  const narrow = cellOf('float32')
  const large = rowCell([3e38], 'float32')
  const all = (cell: Cell, number: number) => gradientFor(cell, () => number)
  const skips: [
    what: string,
    rule: Optimizer,
    cell: Cell,
    gradient: { parameters: Parameters },
    learningRate?: number,
  ][] = [
    ['a gradient with NaN, plain', optimizer({ rule: 'sgd' }), narrow, all(narrow, Number.NaN)],
    [
      'a gradient with Infinity, momentum',
      optimizer({ rule: 'sgd', momentum: 0.9 }),
      narrow,
      all(narrow, Number.POSITIVE_INFINITY),
    ],
    ['a gradient with NaN, Adam', optimizer(), narrow, all(narrow, Number.NaN)],
    [
      'a gradient with Infinity, of which Lion would see only the sign',
      optimizer({ rule: 'lion' }),
      narrow,
      all(narrow, Number.NEGATIVE_INFINITY),
    ],
    ['a second moment beyond float32', optimizer(), narrow, all(narrow, 1e22)],
    [
      'a velocity beyond float32',
      optimizer({ rule: 'sgd', momentum: 0.9, learningRate: 1e-38 }),
      narrow,
      all(narrow, 3e38),
    ],
    ['a Δ beyond float32', optimizer({ rule: 'sgd' }), narrow, all(narrow, 1e30), 1e30],
    ['a parameter + Δ beyond float32', optimizer({ rule: 'sgd' }), large, all(large, -3e38), 1],
  ]
  for (const [what, rule, cell, gradient, learningRate] of skips) {
    it(what, () => {
      // a step before: its moments are what must not be lost, and what 3e38 is added to
      rule.update(all(cell, what.startsWith('a velocity') ? 3e38 : 0.5), cell, 1e-38)
      const before = rule.state()
      should(before.step).equal(1)
      const update = rule.update(gradient, cell, learningRate)
      should(update).containEql({ parameters: {}, step: 1, skipped: true })
      should(applyUpdate(cell, update)).equal(cell)
      should(rule.state()).eql(before)
      should(rule.update(all(cell, 0.5), cell, 1e-38)).containEql({ step: 2, skipped: false })
    })
  }

  it('if only one number of one parameter is bad', () => {
    const { parameters } = all(narrow, 1)
    const c = tensor('float32', [1], Float32Array.of(Number.NaN))
    should(optimizer().update({ parameters: { ...parameters, c } }, narrow).skipped).be.true()
  })
})

describe('optimizer refuses', () => {
  const cell = cellOf()
  const [gradient] = gradientsFor(cell, 1)

  it('a gradient of another shape, naming the parameter', () => {
    const U = tensor('float64', [2, 3])
    throwsExpected(
      () => optimizer().update({ parameters: { ...gradient.parameters, U } }, cell),
      'expected a gradient of U of shape [3, 2], got [2, 3]',
    )
  })

  it('a gradient that misses a parameter', () => {
    const { U: _, ...parameters } = gradient.parameters
    throwsExpected(
      () => optimizer().update({ parameters }, cell),
      'expected a gradient of U of shape [3, 2], got none',
    )
  })

  it('a gradient of a parameter that the cell does not have', () => {
    const bn = tensor('float64', [3])
    throwsExpected(
      () => optimizer().update({ parameters: { ...gradient.parameters, bn } }, cell),
      'expected gradients of W, U, b, c, got one of bn',
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
})

describe('optimizer on another cell than before', () => {
  const others: [what: string, cell: Cell][] = [
    ['of other sizes', cellOf('float64', { W: [4, 4], U: [4, 2], b: [4], c: [1] })],
    ['of another precision', cellOf('float32')],
    ['with a parameter more', cellOf('float64', { W: [3, 3], U: [3, 2], b: [3], bn: [3], c: [1] })],
    ['with a parameter less', cellOf('float64', { W: [3, 3], U: [3, 2], c: [1] })],
    ['with a parameter of another name', cellOf('float64', { W: [3, 3], U: [3, 2], b: [3], c2: [1] })],
  ]
  for (const rule of ['adam', 'nadam'] as const)
    for (const [what, other] of others)
      it(`begins again, step count and moments of ${rule}, on one ${what}`, () => {
        const used = optimizer({ rule })
        const cell = cellOf()
        for (const gradient of gradientsFor(cell, 5)) used.update(gradient, cell)
        const [gradient] = gradientsFor(other, 1)
        should(used.update(gradient, other)).eql(optimizer({ rule }).update(gradient, other))
      })

  it('begins the schedule again', () => {
    const used = optimizer({ schedule: { name: 'step', stepSize: 2 } })
    const cell = cellOf()
    const rates = gradientsFor(cell, 3).map((gradient) => used.update(gradient, cell).learningRate)
    should(rates).eql([1e-3, 1e-3, 1e-3 * 0.1])
    const [, wide] = others[0]
    should(used.update(gradientsFor(wide, 1)[0], wide).learningRate).equal(1e-3)
  })
})

describe('the state of an optimizer', () => {
  it('survives JSON but for its arrays', () => {
    const options = {
      rule: 'nadam',
      accumulate: 2,
      schedule: { name: 'reduce-on-plateau', patience: 0 },
    } as const
    const cell = cellOf()
    const gradients = gradientsFor(cell, 5)
    const original = optimizer(options)
    for (const gradient of gradients.slice(0, 3)) original.update(gradient, cell)
    original.validated(1)
    original.validated(2)
    const resumed = optimizer(options, throughJson(original.state()))
    for (const gradient of gradients.slice(3))
      should(resumed.update(gradient, cell)).eql(original.update(gradient, cell))
    should(resumed.validated(3)).equal(original.validated(3))
    should(resumed.state()).eql(original.state())
  })

  it('may have been made with other options of the rule: what is missing begins', () => {
    const cell = cellOf()
    const gradients = gradientsFor(cell, 4)
    const before = optimizer({ rule: 'rmsprop' })
    for (const gradient of gradients.slice(0, 2)) before.update(gradient, cell)
    const after = optimizer({ rule: 'rmsprop', centered: true, momentum: 0.5 }, before.state())
    for (const gradient of gradients.slice(2)) should(after.update(gradient, cell).skipped).be.false()
    should(Object.keys(after.state().moments.W)).eql(['square', 'mean', 'velocity'])
  })

  /** Every array becomes numbers in a text and back. */
  const throughJson = (state: OptimizerState): OptimizerState =>
    JSON.parse(
      JSON.stringify(state, (_, value) => (value instanceof Float64Array ? { array: [...value] } : value)),
      (_, value) => (Array.isArray(value?.array) ? Float64Array.from(value.array) : value),
    )
})
