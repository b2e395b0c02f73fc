/** Gradient accumulation: one update from the mean of several gradients. */
import should from 'should'
import { type OptimizerOptions, optimizer } from '../../../src/optimizer/optimizer'
import { cellOf, flat, gradientFor, gradientsFor, rowCell } from './cells'

const row = (number: number) => gradientFor(rowCell([0]), () => number)

describe('optimizer with accumulate', () => {
  it('makes one update from the mean of N gradients, and says how many wait', () => {
    const cell = rowCell([5])
    const rule = optimizer({ rule: 'sgd', learningRate: 1, accumulate: 3 })
    const updates = [3, 5, 10, 1, 1, 7].map((number) => rule.update(row(number), cell))
    should(updates.map(({ parameters }) => flat(parameters))).eql([[], [], [-6], [], [], [-3]])
    should(updates.map(({ step }) => step)).eql([0, 0, 1, 1, 1, 2])
    should(updates.map(({ accumulated }) => accumulated)).eql([1, 2, undefined, 1, 2, undefined])
    should(updates.every(({ skipped }) => !skipped)).be.true()
  })

  it('moves moments, weight decay and schedule once an update', () => {
    const options: OptimizerOptions = {
      rule: 'adamw',
      weightDecay: 0.1,
      schedule: { name: 'exponential', gamma: 0.5 },
    }
    const cell = cellOf()
    const gradients = gradientsFor(cell, 12)
    const many = optimizer({ ...options, accumulate: 4 })
    const one = optimizer(options)
    for (let begin = 0; begin < 12; begin += 4) {
      const group = gradients.slice(begin, begin + 4)
      const [, , , update] = group.map((gradient) => many.update(gradient, cell))
      const columns = group.map(({ parameters }) => flat(parameters))
      const means = columns[0]
        .map((_, at) => columns.reduce((sum, numbers) => sum + numbers[at], 0) / 4)
        .values()
      const wanted = one.update(
        gradientFor(cell, () => Number(means.next().value)),
        cell,
      )
      should(update.step).equal(wanted.step)
      should(update.learningRate).equal(wanted.learningRate)
      flat(update.parameters).forEach((delta, at) => {
        should(delta).be.approximately(flat(wanted.parameters)[at], 1e-12)
      })
    }
  })

  it('leaves a gradient out that is not finite, and waits for another', () => {
    const cell = rowCell([5])
    const rule = optimizer({ rule: 'sgd', learningRate: 1, accumulate: 3 })
    const numbers = [Number.NaN, 4, Number.POSITIVE_INFINITY, 6, Number.NaN, 8]
    const updates = numbers.map((number) => rule.update(row(number), cell))
    should(updates.map(({ skipped }) => skipped)).eql([true, false, true, false, true, false])
    should(updates.map(({ accumulated }) => accumulated)).eql([undefined, 1, 1, 2, 2, undefined])
    should(flat(updates[5].parameters)).eql([-6])
  })

  it('keeps what it has when the update itself is not finite', () => {
    const cell = rowCell([5])
    const rule = optimizer({ rule: 'adam', accumulate: 2 })
    rule.update(row(1), cell)
    const before = rule.state()
    should(rule.update(row(1e200), cell)).containEql({ skipped: true, accumulated: 1, step: 0 })
    should(rule.state()).eql(before)
    should(rule.update(row(3), cell).step).equal(1)
  })

  it('does not overflow on the way to a mean that is finite', () => {
    const cell = rowCell([0], 'float32')
    const gradient = gradientFor(cell, () => 3e38)
    const rule = optimizer({ rule: 'sgd', learningRate: 0.5, accumulate: 2 })
    rule.update(gradient, cell)
    should(rule.update(gradient, cell).skipped).be.false()
  })

  it('goes on from its state between two gradients, bit for bit', () => {
    const options: OptimizerOptions = { rule: 'nadam', accumulate: 3 }
    const cell = cellOf('float32')
    const gradients = gradientsFor(cell, 8)
    const original = optimizer(options)
    for (const gradient of gradients.slice(0, 5)) original.update(gradient, cell)
    should(original.state().accumulated?.count).equal(2)
    const resumed = optimizer(options, original.state())
    for (const gradient of gradients.slice(5))
      should(resumed.update(gradient, cell)).eql(original.update(gradient, cell))
    should(resumed.state()).eql(original.state())
  })

  it('forgets gradients of another cell, also where the rule has no moments', () => {
    const rule = optimizer({ rule: 'sgd', learningRate: 1, accumulate: 2 })
    rule.update(row(100), rowCell([0]))
    const wide = rowCell([0, 0])
    const updates = [1, 3].map((number) =>
      rule.update(
        gradientFor(wide, () => number),
        wide,
      ),
    )
    should(updates.map(({ parameters }) => flat(parameters))).eql([[], [-2, -2]])
  })

  it('uses the learning rate of the call that makes the update', () => {
    const cell = rowCell([0])
    const rule = optimizer({ rule: 'sgd', accumulate: 2 })
    should(rule.update(row(2), cell, 0.5).learningRate).equal(0.5)
    should(flat(rule.update(row(2), cell, 0.25).parameters)).eql([-0.5])
  })
})
