/** Gradients and states so small or large that their squares are no numbers any more: as the steps one by one say. */
import should from 'should'
import {
  bpttGradient,
  type CellOptions,
  cellTypes,
  type Gradient,
  kernelNames,
  rnnCell,
  unroll,
} from '../../../src'
import { shouldBeNear } from '../../support/networks'

const wave = Array.from({ length: 12 }, (_, t) => [Math.sin(t)])

function both(cell: Omit<CellOptions, 'outputSize'>, inputs: unknown, targets: unknown): Gradient[] {
  const own = rnnCell({ outputSize: 1, precision: 'float64', seed: 3, ...cell })
  return kernelNames.map((kernel) =>
    bpttGradient(unroll(own, inputs, { topology: 'many-to-many', kernel }), targets, { kernel }),
  )
}

const shouldBeNearLogs = (a: readonly number[], b: readonly number[], bound: number) => {
  for (const [index, value] of b.entries())
    if (a[index] !== value) should(a[index]).be.approximately(value, bound)
}

describe('the range of the kernels', () => {
  for (const type of cellTypes)
    it(`is left by no gradient of a size down to 1e-300 (${type})`, () => {
      for (const size of [1e-100, 1e-139, 1e-141, 1e-160, 1e-200, 1e-300]) {
        const V = [[size, 2 * size, -size]]
        const [got, wanted] = both(
          { type, inputSize: 1, hiddenSize: 3, layers: 2, parameters: { V } },
          wave,
          wave,
        )
        for (const name of ['W', 'U2', 'b']) {
          should(wanted.terms[name].every((value) => value > 0 || name === 'W')).be.true()
          wanted.terms[name].forEach((value, index) => {
            should(got.terms[name][index]).be.approximately(value, 1e-9 * value, `${name} ${index} ${size}`)
          })
        }
        shouldBeNearLogs(got.growth, wanted.growth, 1e-9)
        shouldBeNearLogs(got.carry, wanted.carry, 1e-9)
      }
    })

  it('is left by no state of a size whose square is infinite', () => {
    for (const [precision, size, out] of [
      ['float32', 1e25, 1e-15],
      ['float64', 1e170, 1e-100],
    ] as const) {
      // what comes in is large, and what goes out is smaller again
      const parameters = {
        W: [
          [0.5, 0],
          [0, 0.25],
        ],
        U: [[size], [1]],
        b: [0, 0],
        V: [[out, out]],
        c: [0],
      }
      const cell = { inputSize: 1, hiddenSize: 2, activation: 'relu', precision, parameters } as const
      const inputs = [1, 2].map((first) => [[first], [2], [3]])
      const [got, wanted] = both(cell, inputs, [
        [[0], [1], [2]],
        [[1], [0], [1]],
      ])
      shouldBeNear(got, wanted, precision === 'float32' ? 1e-5 : 1e-11)
      for (const own of Object.values(got.terms)) should(own.every(Number.isFinite)).be.true()
    }
  })
})
