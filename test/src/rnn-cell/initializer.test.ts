/** How parameters start: each scheme against its definition. */
import fc from 'fast-check'
import should from 'should'
import { type CellOptions, type InitializerName, initializerNames, rnnCell } from '../../../src'
import { mapParameters } from '../../../src/rnn-cell/parameters'

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
    for (const { data } of Object.values(parameters)) should(largest(data)).be.belowOrEqual(bound)
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

  /** Standard deviations of W [200, 200], U [200, 50] and V [80, 200]. */
  const deviations: [InitializerName, W: number, U: number, V: number][] = [
    ['glorot-normal', Math.sqrt(2 / 400), Math.sqrt(2 / 250), Math.sqrt(2 / 280)],
    ['he', Math.sqrt(2 / 200), Math.sqrt(2 / 50), Math.sqrt(2 / 200)],
    ['lecun', Math.sqrt(1 / 200), Math.sqrt(1 / 50), Math.sqrt(1 / 200)],
  ]
  for (const [initializer, ...wanted] of deviations)
    it(`${initializer} draws from a normal distribution of its deviation, with zero biases`, () => {
      const { W, U, V, b, c } = start(initializer, { inputSize: 50, hiddenSize: 200, outputSize: 80 })
      for (const [index, { data }] of [W, U, V].entries()) {
        const deviation = rootMeanSquare(data)
        should(deviation / wanted[index]).be.approximately(1, 0.02)
        should(mean(data) / deviation).be.approximately(0, 0.03)
        // the fourth moment of a normal distribution is 3, of a uniform one 1.8
        should(mean(Array.from(data, (value) => (value / deviation) ** 4))).be.approximately(3, 0.25)
      }
      should([...b.data, ...c.data]).matchEach(0)
    })

  it('zeros makes everything zero', () => {
    for (const { data } of Object.values(start('zeros', { type: 'lstm', peepholes: true, layers: 2 })))
      should([...data]).matchEach(0)
  })

  it('orthogonal and identity are drawn gate by gate', () => {
    for (const [type, gates] of [
      ['gru', 3],
      ['lstm', 4],
    ] as const) {
      const size = 5
      const { W } = start('orthogonal', { type, hiddenSize: size })
      const { W: ones } = start('identity', { type, hiddenSize: size, gain: 2 })
      for (let gate = 0; gate < gates; gate++) {
        const part = (data: ArrayLike<number>) =>
          Array.from(data).slice(gate * size ** 2, (gate + 1) * size ** 2)
        for (const [i, row] of gram(part(W.data), size).entries())
          for (const [j, value] of row.entries()) should(value).be.approximately(Number(i === j), 1e-12)
        should(part(ones.data)).eql(
          Array.from({ length: size ** 2 }, (_, at) => (at % (size + 1) === 0 ? 2 : 0)),
        )
        if (gate > 0) should(part(W.data)).not.eql(Array.from(W.data).slice(0, size ** 2))
      }
    }
  })

  const deep = { type: 'lstm', layers: 2, bidirectional: true, peepholes: true } as const
  for (const initializer of initializerNames) {
    it(`${initializer}: the gain scales every W and nothing else`, () => {
      for (const options of [{}, deep, { type: 'gru', layers: 2, decoder: true } as const]) {
        const [plain, scaled] = [
          start(initializer, { hiddenSize: 4, ...options }),
          start(initializer, { hiddenSize: 4, ...options, gain: -2.5 }),
        ]
        for (const [name, { data }] of Object.entries(plain))
          should([...scaled[name].data]).eql(
            name.startsWith('W') ? Array.from(data, (weight) => -2.5 * weight) : [...data],
          )
      }
    })

    it(`${initializer}: the seed decides the numbers`, () => {
      const numbers = (seed: number) => mapParameters(start(initializer, { seed }), ({ data }) => [...data])
      should(numbers(4)).eql(numbers(4))
      if (initializer !== 'zeros') should(numbers(4)).not.eql(numbers(5))
    })

    it(`${initializer}: float32 starts from the same numbers, rounded`, () => {
      const [wide, narrow] = [
        start(initializer, { ...deep, hiddenSize: 4 }),
        start(initializer, { ...deep, hiddenSize: 4, precision: 'float32' }),
      ]
      for (const [name, { data }] of Object.entries(wide)) {
        should(narrow[name].data).be.instanceOf(Float32Array)
        should([...narrow[name].data]).eql(Array.from(data, Math.fround))
      }
    })
  }

  it('draws layers and directions apart from each other', () => {
    const parameters = start('uniform', { ...deep, hiddenSize: 4 })
    const drawn = ['W', 'Wr', 'W2', 'W2r'].map((name) => parameters[name].data[0])
    should(new Set(drawn).size).equal(4)
  })
})

describe('the readout of a bidirectional cell', () => {
  it('starts uniformly within 1/√(2H), as nn.Linear(2H, O), and the lanes within 1/√H', () => {
    const { W, Wr, V, c } = rnnCell({
      bidirectional: true,
      inputSize: 1,
      hiddenSize: 50,
      outputSize: 50,
      seed: 3,
    }).parameters
    for (const { data } of [W, Wr]) should(largest(data)).be.within(0.99 / Math.sqrt(50), 1 / Math.sqrt(50))
    should(largest(V.data)).be.within(0.099, 0.1)
    should(largest(c.data)).be.within(0.09, 0.1)
  })
})
