/** A network that predicts each reading as it comes, one step at a time, and learns beside it from recent windows. */
import should from 'should'
import {
  applyUpdate,
  bpttGradient,
  type CellState,
  clipGradient,
  lastState,
  optimizer,
  predictions,
  rnnCell,
  sensorStream,
  unroll,
  warmStarts,
} from '../../src'
import { random } from '../../src/random/random'

const noise = 0.1
const topology = 'many-to-one' as const

/**
 * A sine with noise: nobody can be less off than the noise.
 *
 * @returns root mean squared errors over the last thousand readings, of predictions that go on from state to state, and of
 *   such that read a whole window from zeros
 */
function run(type: 'rnn' | 'gru' | 'lstm', length: number, isWarm: boolean) {
  const from = random(1)
  const stream = sensorStream({ length, batch: 32 })
  const adam = optimizer({ rule: 'adam', learningRate: 0.005 })
  let cell = rnnCell({ type, inputSize: 1, hiddenSize: 16, outputSize: 1, seed: 1 })
  let state: CellState | undefined
  let ended: CellState | undefined
  let said: number[] = []
  const scaled: number[][] = []
  const squares = [0, 0]

  for (let time = 1; time <= 4000; time++) {
    const reading = Math.sin((2 * Math.PI * time) / 48) + noise * from.normal()
    if (time > 3000)
      said.forEach((one, which) => {
        squares[which] += (reading - one) ** 2
      })
    const [{ inputs, scale }] = stream.take('wave', reading, time).stretches
    scaled.push([...inputs[0]])
    const next = unroll(cell, inputs, { topology, initialState: state })
    state = lastState(next)
    const window = unroll(cell, scaled.slice(-length), { topology })
    said = [next, window].map((one) => (predictions(one, scale?.target) as number[])[0])

    const batch = stream.batch()
    if (!batch) continue
    const initialState = isWarm && ended ? warmStarts(ended, batch.step) : undefined
    const unrolled = unroll(cell, batch.inputs, { topology, initialState })
    ended = lastState(unrolled)
    const gradient = clipGradient(bpttGradient(unrolled, batch.targets), {
      rule: 'global-norm',
      threshold: 1,
    })
    cell = applyUpdate(cell, adam.update(gradient, cell))
  }
  const [stateful, windowed] = squares.map((sum) => Math.sqrt(sum / 1000))
  console.log(
    `      ${type}, windows of ${length}, ${isWarm ? 'warm' : 'cold'} starts: off by ${stateful.toFixed(3)}, read as windows ${windowed.toFixed(3)} (noise ${noise})`,
  )
  return { stateful, windowed }
}

describe('a stream that is predicted and learned at once', () => {
  for (const type of ['rnn', 'gru', 'lstm'] as const)
    it(`${type}: is predicted as well step by step as by reading whole windows`, () => {
      const { stateful, windowed } = run(type, 24, true)
      should(stateful).be.below(1.15 * noise)
      should(stateful).be.below(1.05 * windowed)
    })

  it('would become worse if windows began with zeros, though the loss becomes better', () => {
    const cold = run('gru', 24, false)
    should(cold.windowed).be.below(1.15 * noise)
    should(cold.stateful).be.above(1.5 * cold.windowed)
  })
})
