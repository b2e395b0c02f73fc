/**
 * reduce-on-plateau against PyTorch's ReduceLROnPlateau: the lists of its tests, and its step() written out.
 */
import fc from 'fast-check'
import should from 'should'
import { type OptimizerState, optimizer } from '../../../../src/optimizer/optimizer'
import type { ScheduleOptions } from '../../../../src/optimizer/schedule/options'
import { gradientFor, rowCell } from '../cells'

import '../../../support/fast-check'

type PlateauOptions = Omit<ScheduleOptions, 'name'>

const cell = rowCell([0])
const gradient = gradientFor(cell, () => 1)
const plateau = (options: PlateauOptions, state?: OptimizerState, learningRate = 0.5) =>
  optimizer({ rule: 'sgd', learningRate, schedule: { name: 'reduce-on-plateau', ...options } }, state)

/** The learning rate of an update after each of the losses. */
function ratesAfter(options: PlateauOptions, losses: readonly number[], learningRate?: number) {
  const rule = plateau(options, undefined, learningRate)
  return losses.map((loss) => {
    rule.validated(loss)
    return rule.update(gradient, cell).learningRate
  })
}

/** ReduceLROnPlateau.step and _reduce_lr of PyTorch 2, mode min, threshold_mode rel. */
function torchRates(
  options: Required<
    Pick<PlateauOptions, 'factor' | 'patience' | 'threshold' | 'cooldown' | 'minLearningRate'>
  >,
  losses: number[],
  start: number,
) {
  let [rate, best, badEpochs, cooldownCounter] = [start, Number.POSITIVE_INFINITY, 0, 0]
  return losses.map((loss) => {
    if (loss < best * (1 - options.threshold)) {
      best = loss
      badEpochs = 0
    } else badEpochs += 1
    if (cooldownCounter > 0) {
      cooldownCounter -= 1
      badEpochs = 0
    }
    if (badEpochs > options.patience) {
      const next = Math.max(rate * options.factor, options.minLearningRate)
      if (rate - next > 1e-8) rate = next
      cooldownCounter = options.cooldown
      badEpochs = 0
    }
    return rate
  })
}

const isNear = (made: number[], wanted: number[]) => {
  should(made.length).equal(wanted.length)
  made.forEach((rate, index) => {
    should(Math.abs(rate - wanted[index])).be.belowOrEqual(1e-14 * wanted[index], `loss ${index + 1}`)
  })
}

describe('reduce-on-plateau', () => {
  it('waits and cools down as test_reduce_lr_on_plateau7 of PyTorch has it', () => {
    isNear(
      ratesAfter({ threshold: 0.1, patience: 5, cooldown: 5 }, [
        ...Array(7).fill(1),
        0.6,
        ...Array(12).fill(0.5),
      ]),
      [...Array(6).fill(0.5), ...Array(11).fill(0.05), ...Array(3).fill(0.005)],
    )
  })

  it('leaves the rate where the loss falls fast enough: test_reduce_lr_on_plateau6', () => {
    const losses = Array.from({ length: 20 }, (_, index) => 1.5 * 0.85 ** index)
    isNear(ratesAfter({ threshold: 0.1 }, losses), Array(20).fill(0.5))
  })

  it('bears 10 losses without improvement by default, divides by 10, and does not cool down', () => {
    const flatline = Array(34).fill(1)
    isNear(ratesAfter({}, flatline), [
      ...Array(11).fill(0.5),
      ...Array(11).fill(0.05),
      ...Array(11).fill(0.005),
      0.0005,
    ])
  })

  it('takes a fall by less than 1e-4 for none, by default', () => {
    const slow = Array.from({ length: 12 }, (_, index) => 1 - index * 9e-6)
    isNear(ratesAfter({}, slow), [...Array(11).fill(0.5), 0.05])
    const fast = Array.from({ length: 12 }, (_, index) => 1 - index * 2e-5)
    isNear(ratesAfter({}, fast), Array(12).fill(0.5))
  })

  it('does not go below minLearningRate, as test_reduce_lr_on_plateau8 of PyTorch has it', () => {
    const rising = Array.from({ length: 20 }, (_, index) => 1.5 * 1.005 ** index)
    isNear(ratesAfter({ minLearningRate: 0.4, threshold: 0.1, patience: 5, cooldown: 5 }, rising), [
      ...Array(6).fill(0.5),
      ...Array(14).fill(0.4),
    ])
  })

  it('makes no reduction by 1e-8 or less, as PyTorch', () => {
    isNear(ratesAfter({ patience: 0 }, [1, 1, 1, 1], 1e-7), [1e-7, 1e-8, 1e-8, 1e-8])
    should(ratesAfter({ patience: 0, factor: 0.5 }, [1, 1, 1], 2e-8)).eql([2e-8, 2e-8, 2e-8])
  })

  it('agrees with PyTorch for any losses and options', () => {
    const options = fc.record({
      factor: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      patience: fc.integer({ min: 0, max: 4 }),
      threshold: fc.constantFrom(0, 1e-4, 0.05, 0.3),
      cooldown: fc.integer({ min: 0, max: 4 }),
      minLearningRate: fc.constantFrom(0, 1e-3, 0.1, 2),
    })
    const loss = fc.oneof(fc.double({ min: -1, max: 3, noNaN: true }), fc.constantFrom(1, 0.97, Number.NaN))
    fc.assert(
      fc.property(options, fc.array(loss, { maxLength: 40 }), (settings, losses) => {
        isNear(ratesAfter(settings, losses), torchRates(settings, losses, 0.5))
      }),
    )
  })

  it('tells its factor', () => {
    const rule = plateau({ patience: 1, factor: 0.5 })
    should([1, 1, 1, 1, 1, 0.2].map(rule.validated)).eql([1, 1, 0.5, 0.5, 0.25, 0.25])
  })

  it('takes a loss that is not finite for no improvement', () => {
    const rule = plateau({ patience: 1, factor: 0.5 })
    const losses = [Number.NaN, Number.NEGATIVE_INFINITY, 3, Number.POSITIVE_INFINITY, Number.NaN]
    should(losses.map(rule.validated)).eql([1, 0.5, 0.5, 0.5, 0.25])
  })

  it('multiplies the learning rate of the call, and stops at minLearningRate for that', () => {
    const rule = plateau({ patience: 0, factor: 0.5, minLearningRate: 0.3 })
    rule.update(gradient, cell, 0.4)
    should([1, 1].map(rule.validated)).eql([1, 0.3 / 0.4])
    isNear([rule.update(gradient, cell, 8).learningRate], [6])
  })

  it('warms up first', () => {
    const rule = plateau({ patience: 0, factor: 0.5, warmupSteps: 2, warmupStartFactor: 0 })
    const rates = [1, 1, 0.5, 0.2].map((loss) => {
      rule.validated(loss)
      return rule.update(gradient, cell).learningRate
    })
    should(rates).eql([0, 0.125, 0.25, 0.25])
  })

  it('goes on from its state', () => {
    const options = { patience: 2, cooldown: 2, factor: 0.5 }
    const losses = [3, 2, 2.5, 2.4, 2.2, 2.1, 2.3, 2.6, 2.1, 2, 2.2, 2.2]
    for (let at = 0; at < losses.length; at++) {
      const original = plateau(options)
      losses.slice(0, at).forEach(original.validated)
      const resumed = plateau(options, JSON.parse(JSON.stringify(original.state())))
      should(losses.slice(at).map(resumed.validated)).eql(losses.slice(at).map(original.validated))
      should(resumed.update(gradient, cell)).eql(original.update(gradient, cell))
    }
  })

  it('begins where the state is of another schedule, and is forgotten by another schedule', () => {
    const other = optimizer({ rule: 'sgd' })
    other.update(gradient, cell)
    const rule = plateau({ patience: 0 }, other.state())
    should([1, 1].map(rule.validated)).eql([1, 0.1])
    should(optimizer({ rule: 'sgd' }, rule.state()).state().scheduleState).be.undefined()
  })
})
