/** Random networks with data for property tests, and helpers to compare numbers. */
import fc from 'fast-check'
import should from 'should'
import {
  type ActivationName,
  activationNames,
  type Cell,
  type Dtype,
  type Floats,
  type LossName,
  rnnCell,
  type Tensor,
  type Topology,
  tensor,
  topologyNames,
} from '../../src'
import { random } from '../../src/random/random'

export interface Case {
  readonly cell: Cell
  /** [B, T, D] */
  readonly inputs: Tensor
  readonly targets: Tensor
  readonly topology: Topology
  readonly loss: LossName
  readonly initialState: Tensor
}

interface Shape {
  activation: ActivationName
  topology: Topology
  loss: LossName
  steps: number
  batch: number
  inputSize: number
  hiddenSize: number
  outputSize: number
  gain: number
  seed: number
}

const shapes = (maxSteps: number): fc.Arbitrary<Shape> =>
  fc.record({
    activation: fc.constantFrom(...activationNames),
    topology: fc.constantFrom(...topologyNames),
    loss: fc.constantFrom('mse' as const, 'cross-entropy' as const),
    steps: fc.integer({ min: 1, max: maxSteps }),
    batch: fc.integer({ min: 1, max: 8 }),
    inputSize: fc.integer({ min: 1, max: 3 }),
    hiddenSize: fc.integer({ min: 1, max: 7 }),
    outputSize: fc.integer({ min: 1, max: 4 }),
    gain: fc.double({ min: 0.3, max: 1.6, noNaN: true }),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
  })

/** Random networks over every activation, topology and loss, T from 1 to `maxSteps` and B from 1 to 8. */
export const cases = (precision: Dtype, maxSteps = 60): fc.Arbitrary<Case> =>
  shapes(maxSteps).map(
    ({ activation, topology, loss, steps, batch, inputSize, hiddenSize, outputSize, gain, seed }) => {
      const { normal, integer } = random(seed)
      const fill = (shape: number[], next: () => number) => {
        const filled = tensor(precision, shape)
        for (let index = 0; index < filled.data.length; index++) filled.data[index] = next()
        return filled
      }
      const leading = topology === 'many-to-one' ? [batch] : [batch, steps]
      return {
        cell: rnnCell({ activation, inputSize, hiddenSize, outputSize, gain, seed, precision }),
        inputs: fill([batch, steps, inputSize], normal),
        targets:
          loss === 'mse'
            ? fill([...leading, outputSize], normal)
            : fill(leading, () => integer(0, outputSize - 1)),
        topology,
        loss,
        initialState: fill([batch, hiddenSize], normal),
      }
    },
  )

/** ‖a - b‖ / max(‖a‖, ‖b‖, floor) */
export function relativeError(a: Floats | number[], b: Floats | number[], floor = 0): number {
  should(a.length).equal(b.length)
  let difference = 0
  let left = 0
  let right = 0
  for (let index = 0; index < a.length; index++) {
    difference += (a[index] - b[index]) ** 2
    left += a[index] ** 2
    right += b[index] ** 2
  }
  const scale = Math.max(Math.sqrt(left), Math.sqrt(right), floor)
  return scale === 0 ? 0 : Math.sqrt(difference) / scale
}
