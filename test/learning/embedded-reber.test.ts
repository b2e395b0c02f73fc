/** The embedded Reber grammar (Hochreiter & Schmidhuber 1997, experiment 1) by an LSTM of 8 units. */
import should from 'should'
import { entry } from '../../src/tensor/axes'
import { type Trained, type Training, train, unrollBatch } from '../support/train'

const training = (seed: number): Training => ({
  source: { task: 'embedded-reber', batch: 16, seed, epochSize: 1600 },
  cell: { type: 'lstm', hiddenSize: 8, readout: 'sigmoid', forgetBias: 1, seed },
  unroll: { topology: 'many-to-many' },
  loss: { loss: 'binary-cross-entropy' },
  optimizer: { rule: 'adam', learningRate: 0.01 },
  clip: { threshold: 5 },
  steps: 10_000,
  until: isSolved,
})

/** At every step of every string that was held out, each symbol that may come next is above each that may not. */
function isSolved({ cell, source }: Trained): boolean {
  for (const batch of source.validation()) {
    const { outputs } = unrollBatch(cell, batch, training(1))
    const [sequences, steps, symbols] = batch.targets.shape
    for (let sequence = 0; sequence < sequences; sequence++) {
      for (let t = 0; t < (batch.lengths?.[sequence] ?? steps); t++) {
        const said = entry(outputs, t).subarray(sequence * symbols, (sequence + 1) * symbols)
        const start = (sequence * steps + t) * symbols
        const may = batch.targets.data.subarray(start, start + symbols)
        const lowest = Math.min(...said.filter((_, symbol) => may[symbol] === 1))
        const highest = Math.max(...said.filter((_, symbol) => may[symbol] === 0))
        if (!(lowest > highest)) return false
      }
    }
  }
  return true
}

describe('the embedded Reber grammar', () => {
  for (let seed = 1; seed <= 10; seed++)
    it(`is solved by an LSTM of 8 units, Adam 0.01, clip 5, seed ${seed}`, () => {
      const last = train(training(seed)).at(-1) as Trained
      should(isSolved(last)).equal(true)
      console.log(`      embedded Reber seed ${seed}: solved after ${last.step} steps`)
    })
})
