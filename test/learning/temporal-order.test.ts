/** Temporal order over 20 steps, to the last sequence. */
import should from 'should'
import { type Trained, train } from '../support/train'

describe('temporal order, T = 20', () => {
  it('is learned by a GRU without an error', () => {
    const last = train({
      source: { task: 'temporal-order', length: 20, seed: 1 },
      cell: { type: 'gru', hiddenSize: 16, seed: 1 },
      unroll: { topology: 'many-to-one' },
      loss: { loss: 'cross-entropy' },
      optimizer: { rule: 'adam', learningRate: 0.01 },
      steps: 2000,
      until: ({ validation }) => validation.accuracy === 1,
    }).at(-1) as Trained
    should(last.validation.accuracy).equal(1)
    console.log(`      temporal order: no error in ${last.validation.count} after ${last.step} steps`)
  })
})
