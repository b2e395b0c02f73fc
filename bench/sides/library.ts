/** Ours, as a script uses it: unroll, bpttGradient, clipGradient, optimizer, applyUpdate. */
import { resolve } from 'node:path'
import type * as Library from '../../src'
import type { Cell, Optimizer, Tensor } from '../../src'
import { batchMajor, learningRate, type Problem, threshold } from '../problem'
import { type Side, timed } from './side'

/** As it ships, compiled. */
export const ours: typeof Library = require(resolve(__dirname, '../../dist/src'))

export const tensorsOf = ({ of, inputs, targets }: Problem): { inputs: Tensor; targets: Tensor } => {
  const shape = [of.batch, of.steps, of.features]
  return {
    inputs: ours.tensor('float32', shape, batchMajor(inputs, of)),
    targets: ours.tensor('float32', shape, batchMajor(targets, of)),
  }
}

export const cellOf = ({ of, parameters }: Problem, activation: 'tanh' | 'relu' = 'tanh'): Cell =>
  ours.rnnCell({
    type: of.type,
    inputSize: of.features,
    hiddenSize: of.hidden,
    outputSize: of.features,
    activation,
    parameters: Object.fromEntries(
      parameters.map(({ name, shape, data }) => [name, ours.tensor('float32', shape, data.slice())]),
    ),
  })

export function library(): Side {
  const { unroll, bpttGradient, clipGradient, optimizer, applyUpdate } = ours
  let cell: Cell
  let adam: Optimizer
  let data: { inputs: Tensor; targets: Tensor }
  const gradientOf = () =>
    bpttGradient(unroll(cell, data.inputs, { topology: 'many-to-many' }), data.targets, { loss: 'mse' })
  return {
    name: 'library',
    plays: () => true,
    async setUp(problem) {
      cell = cellOf(problem)
      adam = optimizer({ rule: 'adam', learningRate })
      data = tensorsOf(problem)
    },
    async lossAndGradients() {
      const { loss, parameters } = gradientOf()
      return {
        loss,
        parameters: Object.fromEntries(Object.entries(parameters).map(([name, of]) => [name, of.data])),
      }
    },
    run: timed(() => {
      const clipped = clipGradient(gradientOf(), { rule: 'global-norm', threshold })
      cell = applyUpdate(cell, adam.update(clipped, cell))
    }),
    async tearDown() {},
  }
}
