/** How parameters start: each scheme against its definition. */
import fc from 'fast-check'
import should from 'should'
import {
  type CellOptions,
  type InitializerName,
  initializerNames,
  parameterNames,
  rnnCell,
} from '../../../src'

const sizes = { inputSize: 7, hiddenSize: 40, outputSize: 5 }
const start = (initializer: InitializerName, options: Partial<CellOptions> = {}) =>
  rnnCell({ ...sizes, initializer, precision: 'float64', ...options }).parameters
const largest = (data: ArrayLike<number>) => Math.max(...Array.from(data, Math.abs))
const mean = (data: ArrayLike<number>) =>
  Array.from(data).reduce((sum, value) => sum + value, 0) / data.length
const rootMeanSquare = (data: ArrayLike<number>) => Math.sqrt(mean(Array.from(data, (value) => value ** 2)))

/** WᵀW */
function gram(data: ArrayLike<number>, size: number): number[][] {
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => {
      let sum = 0
      for (let k = 0; k < size; k++) sum += data[k * size + i] * data[k * size + j]
      return sum
    }),
  )
}

describe('initializers', () => {
  it('uniform draws every parameter from ±1/√H, and fills that range', () => {
    const bound = 1 / Math.sqrt(40)
    const parameters = start('uniform')
    for (const name of parameterNames) should(largest(parameters[name].data)).be.belowOrEqual(bound)
    should(largest(parameters.W.data)).be.above(0.99 * bound)
    should(largest(parameters.b.data)).be.above(0.8 * bound)
    should(largest(parameters.V.data)).be.above(0.9 * bound)
    should(mean(parameters.W.data)).be.approximately(0, 0.05 * bound)
    should(rootMeanSquare(parameters.W.data)).be.approximately(bound / Math.sqrt(3), 0.05 * bound)
  })

  it('glorot draws W, U, V from ±√(6 / (rows + columns)), with zero biases', () => {
    const { W, U, V, b, c } = start('glorot')
    for (const [{ data }, sum] of [
      [W, 80],
      [U, 47],
      [V, 45],
    ] as const) {
      const bound = Math.sqrt(6 / sum)
      should(largest(data)).be.within(0.9 * bound, bound)
      should(rootMeanSquare(data)).be.approximately(bound / Math.sqrt(3), 0.1 * bound)
    }
    should([...b.data, ...c.data].every((value) => value === 0)).be.true()
  })

  it('orthogonal makes WᵀW the identity to 1e-12, with zero biases and Glorot for the others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 1e6 }), (hiddenSize, seed) => {
        const { W, U, V, b, c } = start('orthogonal', { hiddenSize, seed })
        gram(W.data, hiddenSize).forEach((row, i) => {
          row.forEach((value, j) => {
            should(value).be.approximately(i === j ? 1 : 0, 1e-12)
          })
        })
        should(largest(U.data)).be.within(1e-9, Math.sqrt(6 / (hiddenSize + 7)))
        should(largest(V.data)).be.within(1e-9, Math.sqrt(6 / (hiddenSize + 5)))
        should([...b.data, ...c.data].every((value) => value === 0)).be.true()
      }),
      { numRuns: 40 },
    )
  })

  it('orthogonal favours no sign: W of size 1 is 1 as often as -1', () => {
    const signs = Array.from(
      { length: 400 },
      (_, seed) => start('orthogonal', { hiddenSize: 1, seed }).W.data[0],
    )
    should(signs.every((value) => Math.abs(Math.abs(value) - 1) < 1e-15)).be.true()
    should(signs.filter((value) => value > 0).length).be.within(150, 250)
  })

  it('orthogonal draws more than rotations: the determinant has either sign', () => {
    const determinants = Array.from({ length: 400 }, (_, seed) => {
      const [a, b, c, d] = start('orthogonal', { hiddenSize: 2, seed }).W.data
      return a * d - b * c
    })
    should(determinants.filter((value) => value > 0).length).be.within(150, 250)
  })

  it('identity makes W the identity times the gain, the others tiny and the biases zero', () => {
    const { W, U, V, b, c } = start('identity', { gain: 0.7 })
    should([...W.data]).eql(
      Array.from({ length: 1600 }, (_, at) => (Math.floor(at / 40) === at % 40 ? 0.7 : 0)),
    )
    for (const { data } of [U, V]) should(rootMeanSquare(data)).be.approximately(0.001, 0.0002)
    should([...b.data, ...c.data].every((value) => value === 0)).be.true()
  })

  for (const initializer of initializerNames) {
    it(`${initializer}: the gain scales W and nothing else`, () => {
      const [plain, scaled] = [start(initializer), start(initializer, { gain: -2.5 })]
      should([...scaled.W.data]).eql(Array.from(plain.W.data, (weight) => -2.5 * weight))
      for (const name of ['U', 'b', 'V', 'c'] as const)
        should([...scaled[name].data]).eql([...plain[name].data])
    })

    it(`${initializer}: the seed decides the numbers`, () => {
      const numbers = (seed: number) =>
        parameterNames.flatMap((name) => [...start(initializer, { seed })[name].data])
      should(numbers(4)).eql(numbers(4))
      should(numbers(4)).not.eql(numbers(5))
    })

    it(`${initializer}: float32 starts from the same numbers, rounded`, () => {
      const [wide, narrow] = [start(initializer), start(initializer, { precision: 'float32' })]
      for (const name of parameterNames) {
        should(narrow[name].data).be.instanceOf(Float32Array)
        should([...narrow[name].data]).eql(Array.from(wide[name].data, Math.fround))
      }
    })
  }
})
