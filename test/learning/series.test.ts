/** Forecasts of series whose rule is known. */
import should from 'should'
import { normalizedError, type Trained, train } from '../support/train'

describe('series', () => {
  it('NARMA10 is followed to a normalized error of 0.2', () => {
    const last = train({
      source: { task: 'narma10', length: 50, batch: 16, seed: 1, epochSize: 1600, targetsPer: 'step' },
      cell: { type: 'lstm', hiddenSize: 32, forgetBias: 1, seed: 1 },
      unroll: { topology: 'many-to-many' },
      loss: { loss: 'mse' },
      optimizer: { rule: 'adam', learningRate: 0.02, schedule: { name: 'cosine', totalSteps: 3000 } },
      steps: 3000,
      every: 1000,
    }).at(-1) as Trained
    should(normalizedError(last)).be.below(0.2)
    console.log(`      NARMA10: normalized error ${normalizedError(last).toPrecision(3)}`)
  })

  it('Mackey-Glass (17) is forecast one step ahead to a normalized error of 0.03', () => {
    const last = train({
      source: { task: 'mackey-glass', length: 30, seed: 1, epochSize: 1000, validationSplit: 0.3 },
      cell: { type: 'gru', hiddenSize: 16, seed: 1 },
      unroll: { topology: 'many-to-one' },
      loss: { loss: 'mse' },
      optimizer: { rule: 'adam', learningRate: 0.01, schedule: { name: 'cosine', totalSteps: 1000 } },
      steps: 1000,
      every: 1000,
    }).at(-1) as Trained
    should(normalizedError(last)).be.below(0.03)
    console.log(`      Mackey-Glass: normalized error ${normalizedError(last).toPrecision(3)}`)
  })
})
