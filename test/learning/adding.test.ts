/** The adding problem over 50 steps: gates solve it, a plain tanh network does not, and the detector says why. */
import should from 'should'
import { detector, type ExplosionState } from '../../src'
import { type Trained, type Training, train } from '../support/train'

const training: Training = {
  source: { task: 'adding', length: 50, seed: 1, validationSplit: 0.1 },
  cell: { hiddenSize: 16, seed: 1 },
  unroll: { topology: 'many-to-one' },
  loss: { loss: 'mse' },
  optimizer: { rule: 'adam', learningRate: 0.01 },
  steps: 3000,
  until: ({ validation }) => validation.loss < 0.001,
}

describe('the adding problem, T = 50', () => {
  for (const type of ['lstm', 'gru'] as const)
    it(`is solved by a ${type.toUpperCase()} to a mean squared error below 0.001`, () => {
      const cell = { ...training.cell, type, ...(type === 'lstm' && { forgetBias: 1 }) }
      const last = train({ ...training, cell }).at(-1) as Trained
      should(last.validation.loss).be.below(0.001)
      console.log(`      adding ${type}: ${last.validation.loss.toPrecision(2)} after ${last.step} steps`)
    })

  it('leaves a tanh RNN near 1/6, what always answering 1 has, and is reported as vanishing', () => {
    const watcher = detector()
    const states: ExplosionState[] = []
    const last = train({
      ...training,
      optimizer: { rule: 'adam', learningRate: 0.001 },
      steps: 1500,
      watch: (gradient) => states.push(watcher.observe(gradient).state),
    }).at(-1) as Trained
    const vanishing = states.filter((state) => state === 'vanishing').length / states.length
    should(last.validation.loss).be.within(0.14, 0.2)
    should(vanishing).be.above(0.9)
    console.log(
      `      adding tanh: ${last.validation.loss.toPrecision(3)}, vanishing in ${(100 * vanishing).toFixed(0)} % of the steps`,
    )
  })
})
