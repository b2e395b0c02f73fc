/** Ours, the loop that stays in one memory: on this thread, or on so many worker threads. */
import type { Training } from '../../src'
import { learningRate, type Problem, threshold } from '../problem'
import { cellOf, ours, tensorsOf } from './library'
import type { Gradients, Side } from './side'
import { timed } from './side'

/** So long that a step's change is not rounded away beside the parameters. */
const stride = 1000

/** One step of plain gradient descent shows the gradient: Δ = -η g. */
function gradientsOf(problem: Problem, unroll: { topology: 'many-to-many' }): Gradients {
  const cell = cellOf(problem)
  const { inputs, targets } = tensorsOf(problem)
  const loop = ours.training(cell, {
    unroll,
    clip: { rule: 'none' },
    optimizer: { rule: 'sgd', learningRate: stride },
  })
  const { loss } = loop.step(inputs, targets)
  const after = loop.cell().parameters
  loop.close()
  const parameters = Object.entries(cell.parameters).map(([name, { data }]) => [
    name,
    Float64Array.from(data, (value, index) => (value - after[name].data[index]) / stride),
  ])
  return { loss, parameters: Object.fromEntries(parameters) }
}

/** @param workers none: all on this thread */
export function training(workers?: number): Side {
  const unroll = { topology: 'many-to-many' } as const
  let given: Problem
  let loop: Training
  let data: ReturnType<typeof tensorsOf>
  const step = () => void loop.step(data.inputs, data.targets)
  return {
    name: workers === undefined ? 'training' : `training, ${workers} ${workers === 1 ? 'worker' : 'workers'}`,
    plays: ({ hidden, batch }) => workers === undefined || (hidden >= 128 && batch >= 32),
    async setUp(problem) {
      given = problem
      data = tensorsOf(problem)
      loop = ours.training(cellOf(problem), {
        unroll,
        clip: { rule: 'global-norm', threshold },
        optimizer: { rule: 'adam', learningRate },
      })
    },
    lossAndGradients: async () => gradientsOf(given, unroll),
    async run(steps) {
      if (workers === undefined) return timed(step)(steps)
      ours.configurePool({ workers })
      // another number of threads starts with the next job
      await loop.stepAsync(data.inputs, data.targets)
      const before = performance.now()
      for (let count = 0; count < steps; count++) await loop.stepAsync(data.inputs, data.targets)
      return performance.now() - before
    },
    async tearDown() {
      loop.close()
    },
    close: () => ours.closePool(),
  }
}
