/** Every rule and schedule of the optimizer against numbers computed outside of this package: see test/fixtures. */
import should from 'should'
import { applyUpdate, fromNested, optimizer, type Parameters, rnnCell } from '../../src'
import { agrees, fixtures, type OptimizerCase } from '../support/fixtures'

/** Four numbers as the parameters of a cell of one unit with two inputs. */
const parametersOf = ([w, u1, u2, b]: readonly number[]): Parameters => ({
  W: fromNested([[w]], 'float64'),
  U: fromNested([[u1, u2]], 'float64'),
  b: fromNested([b], 'float64'),
})

function check({ options, parameters, gradients, losses, expected }: OptimizerCase): void {
  const rule = optimizer(options)
  let cell = rnnCell({
    type: 'rnn',
    inputSize: 2,
    hiddenSize: 1,
    outputSize: 1,
    readout: 'none',
    precision: 'float64',
    parameters: parametersOf(parameters),
  })
  const steps = gradients.map((gradient, index) => {
    const loss = losses?.[index]
    if (typeof loss === 'number') rule.validated(loss)
    const update = rule.update({ parameters: parametersOf(gradient) }, cell)
    should(update.skipped).be.false()
    cell = applyUpdate(cell, update)
    const { W, U, b } = cell.parameters
    const waits = Object.keys(update.parameters).length === 0
    return { rate: waits ? null : update.learningRate, numbers: [...W.data, ...U.data, ...b.data] }
  })

  const { learningRates } = expected
  should(steps.map(({ rate }) => rate === null)).eql(learningRates.map((rate) => rate === null))
  const rates = fromNested(
    steps.map(({ rate }) => rate ?? 0),
    'float64',
  )
  agrees(
    'the learning rate',
    rates,
    learningRates.map((rate) => rate ?? 0),
    { least: 0 },
  )
  const path = fromNested(
    steps.map(({ numbers }) => numbers),
    'float64',
  )
  agrees('the parameters after each gradient', path, expected.parameters, { least: 0 })
}

for (const family of ['optimizers', 'pytorch-optimizers'] as const)
  describe(`fixtures: ${family}`, () => {
    for (const fixture of fixtures(family)) it(fixture.name, () => check(fixture))
  })
