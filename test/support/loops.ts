/** Training loops for tests of what the editor is told. */

import { type Batch, closePoint, type Loop, newLoop } from '../../nodes/watch/loop'
import { bpttGradient, type CellOptions, detectExplosion, rnnCell, type Topology, unroll } from '../../src'

export function batchOf(
  cell: Partial<CellOptions>,
  { steps, batch = 1, topology = 'many-to-many' }: { steps: number; batch?: number; topology?: Topology },
): Batch {
  const own = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 1, precision: 'float64', ...cell })
  const { inputSize, outputSize } = own.sizes
  const numbers = (count: number, at: number) =>
    Array.from({ length: count }, (_, index) => Math.sin(at + index))
  const inputs = Array.from({ length: batch }, (_, b) =>
    Array.from({ length: steps }, (_, t) => numbers(inputSize, b + t)),
  )
  const unrolled = unroll(own, inputs, { topology })
  const target =
    topology === 'many-to-one'
      ? Array.from({ length: batch }, (_, b) => numbers(outputSize, b))
      : Array.from({ length: batch }, (_, b) =>
          Array.from({ length: steps }, (_, t) => numbers(outputSize, b + t)),
        )
  const options = { loss: 'mse' } as const
  const gradient = bpttGradient(unrolled, target, options)
  return { step: 1, unrolled, target, options, gradient, explosion: detectExplosion(gradient) }
}

/** A loop that has taken so many steps, all of this batch. */
export function loopWith(batch: Batch, steps: number, id = 'cell'): Loop {
  const loop = newLoop(id, 'bptt')
  for (let step = 1; step <= steps; step++) {
    loop.step = step
    loop.batch = { ...batch, step }
    loop.open = [step, 1.23456789 / step, 9.87654321 / step, 1, 0.001]
    closePoint(loop)
  }
  return loop
}
