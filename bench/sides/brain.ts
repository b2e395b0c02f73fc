/**
 * brain.js, its recurrent network for arrays of numbers (RNNTimeStep, LSTMTimeStep): one sequence at a time, the
 * error set at every step, its own RMSProp with its own clipping. It has no batch: B sequences are B updates.
 */
import type { Case } from '../cases'
import { gates, type Problem } from '../problem'
import { type Side, timed } from './side'

interface Matrix {
  weights: Float32Array
  deltas: Float32Array
}
interface Network {
  model: {
    hiddenLayers: Record<string, Matrix>[]
    outputConnector: Matrix
    output: Matrix
    equations: {
      predictTarget(input: Float32Array, target: Float32Array): number
      states: { product: Matrix }[]
    }[]
  }
  initialize(): void
  bindEquation(): void
  backpropagate(): void
  adjustWeights(): void
}

/** Gates of its LSTM in our order. */
const lstmGates = ['input', 'forget', 'cellActivation', 'output']

export function brain(): Side {
  let network: Network
  let problem: Problem
  let sequences: { inputs: Float32Array[]; targets: Float32Array[] }[] = []

  /** Its matrices under our names, a block of rows for each gate. */
  const matrices = (): Record<string, Matrix[]> => {
    const { model } = network
    const [layer] = model.hiddenLayers
    const isRnn = problem.of.type === 'rnn'
    return {
      W: isRnn ? [layer.transition] : lstmGates.map((gate) => layer[`${gate}Hidden`]),
      U: isRnn ? [layer.weight] : lstmGates.map((gate) => layer[`${gate}Matrix`]),
      b: isRnn ? [layer.bias] : lstmGates.map((gate) => layer[`${gate}Bias`]),
      V: [model.outputConnector],
      c: [model.output],
    }
  }
  /** @returns the sum of the squared errors */
  const backpropagate = ({ inputs, targets }: (typeof sequences)[number]): number => {
    const { equations } = network.model
    inputs.forEach((input, t) => {
      equations[t].predictTarget(input, targets[t])
    })
    let squares = 0
    inputs.forEach((_, t) => {
      const { states } = equations[t]
      for (const error of states[states.length - 1].product.deltas) squares += error * error
    })
    network.backpropagate()
    return squares
  }

  return {
    name: 'brain.js',
    activation: 'relu',
    // it writes the gradient of a bias anew at each step instead of adding it up
    compared: ['W', 'U', 'V'],
    plays: ({ type, hidden }: Case) => type !== 'gru' && hidden <= 128,
    differs: ({ type }) =>
      type === 'lstm'
        ? 'its LSTM has no cell state of its own: the forget gate weighs the hidden state'
        : undefined,
    async setUp(given) {
      problem = given
      const { type, hidden, batch, steps, features } = problem.of
      const { recurrent } = require('brain.js')
      const Kind = type === 'lstm' ? recurrent.LSTMTimeStep : recurrent.RNNTimeStep
      network = new Kind({ inputSize: features, hiddenLayers: [hidden], outputSize: features })
      network.initialize()
      while (network.model.equations.length < steps) network.bindEquation()
      const own = matrices()
      for (const { name, data } of problem.parameters)
        own[name].forEach(({ weights }, gate) => {
          weights.set(data.subarray(gate * weights.length, (gate + 1) * weights.length))
        })
      const rows = (data: Float32Array, sequence: number) =>
        Array.from({ length: steps }, (_, t) =>
          data.slice((t * batch + sequence) * features, (t * batch + sequence + 1) * features),
        )
      sequences = Array.from({ length: batch }, (_, sequence) => ({
        inputs: rows(problem.inputs, sequence),
        targets: rows(problem.targets, sequence),
      }))
    },
    async lossAndGradients() {
      const { type, batch, steps, features, hidden } = problem.of
      const count = batch * steps * features
      let squares = 0
      const sums = Object.fromEntries(
        problem.parameters.map(({ name, data }) => [name, new Float64Array(data.length)]),
      )
      for (const sequence of sequences) {
        squares += backpropagate(sequence)
        for (const [name, blocks] of Object.entries(matrices()))
          blocks.forEach(({ deltas }, gate) => {
            // its loss is half the sum of the squares
            for (let index = 0; index < deltas.length; index++)
              sums[name][gate * deltas.length + index] += (2 / count) * deltas[index]
          })
      }
      if (sums.b.length !== gates[type] * hidden) throw new Error('brain.js has other gates')
      return { loss: squares / count, parameters: sums }
    },
    run: timed(() => {
      for (const sequence of sequences) {
        backpropagate(sequence)
        network.adjustWeights()
      }
    }),
    async tearDown() {
      sequences = []
    },
  }
}
