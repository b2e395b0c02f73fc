/** Networks that answer with a sequence. */
import should from 'should'
import { argMax } from '../../src/tensor/arg-max'
import { entry } from '../../src/tensor/axes'
import { type Trained, type Training, train, unrollBatch } from '../support/train'

const reversing: Training = {
  source: { task: 'reverse', length: 8, symbols: 10, seed: 1 },
  cell: { type: 'gru', hiddenSize: 64, decoder: true, seed: 1 },
  unroll: { topology: 'encoder-decoder', feed: 'zeros' },
  loss: { loss: 'cross-entropy' },
  optimizer: { rule: 'adam', learningRate: 0.01, schedule: { name: 'cosine', totalSteps: 2000 } },
  steps: 2000,
  every: 200,
  until: (trained) => wholeShare(trained) > 0.995,
}

/** The share of sequences held out that come back without any mistake. */
function wholeShare({ cell, source }: Trained): number {
  let count = 0
  let whole = 0
  for (const batch of source.validation()) {
    const { outputs } = unrollBatch(cell, batch, reversing)
    const [sequences, length] = batch.targets.shape
    const symbols = outputs.shape[2]
    for (let sequence = 0; sequence < sequences; sequence++, count++) {
      const isRight = Array.from({ length }, (_, t) => {
        const said = entry(outputs, t).subarray(sequence * symbols, (sequence + 1) * symbols)
        return argMax(said) === batch.targets.data[sequence * length + t]
      })
      if (isRight.every(Boolean)) whole++
    }
  }
  return whole / count
}

describe('sequences that are answered', () => {
  it('an encoder-decoder gives 8 symbols out of 10 back in reverse, 99 % of the sequences wholly right', () => {
    const last = train(reversing).at(-1) as Trained
    should(wholeShare(last)).be.aboveOrEqual(0.99)
    console.log(`      reverse: ${(100 * wholeShare(last)).toFixed(1)} % whole after ${last.step} steps`)
  })

  it('one-to-many draws a waveform from its class, mean squared error below 0.01', () => {
    const last = train({
      source: { task: 'waveform', length: 20, seed: 1 },
      cell: { type: 'gru', hiddenSize: 24, seed: 1 },
      unroll: { topology: 'one-to-many', feed: 'zeros' },
      loss: { loss: 'mse' },
      optimizer: { rule: 'adam', learningRate: 0.01 },
      steps: 2000,
      until: ({ validation }) => validation.loss < 0.005,
    }).at(-1) as Trained
    should(last.validation.loss).be.below(0.01)
    console.log(`      waveform: ${last.validation.loss.toPrecision(2)} after ${last.step} steps`)
  })
})
