/** A cell from its options, and what is refused. */
import should from 'should'
import { type Cell, type CellOptions, rnnCell, tensor, withParameters } from '../../../src'
import { throwsExpected } from '../../support/throws'

const sizes = { inputSize: 2, hiddenSize: 3, outputSize: 1 }
const given = {
  W: [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ],
  U: [
    [1, -1],
    [2, -2],
    [3, -3],
  ],
  b: [0.5, 0.25, 0.125],
  V: [[1, 0, -1]],
  c: [0.1],
}

describe('rnnCell', () => {
  it('is a tanh cell in float32 with seed 1 and gain 1 unless told otherwise', () => {
    const cell = rnnCell(sizes)
    should(cell).containEql({
      type: 'rnn',
      activation: 'tanh',
      layers: 1,
      bidirectional: false,
      decoder: false,
      readout: 'linear',
      precision: 'float32',
      sizes,
    })
    should(cell).not.have.property('clip')
    const told = rnnCell({ ...sizes, initializer: 'uniform', seed: 1, gain: 1, layers: 1, readout: 'linear' })
    should(JSON.stringify(cell)).equal(JSON.stringify(told))
  })

  it('has sigmoid gates, resets after the product and has no peepholes unless told otherwise', () => {
    const gru = rnnCell({ ...sizes, type: 'gru' })
    should(gru).containEql({ activation: 'tanh', gateActivation: 'sigmoid', resetAfter: true })
    should(rnnCell({ ...sizes, type: 'lstm' })).containEql({ gateActivation: 'sigmoid', peepholes: false })
  })

  it('starts from given parameters as nested arrays', () => {
    const { parameters } = rnnCell({ ...sizes, precision: 'float64', parameters: given })
    for (const [name, numbers] of Object.entries(given))
      should([...parameters[name].data]).eql(numbers.flat())
  })

  it('draws those that are not given as if none had been', () => {
    const cell = rnnCell({ ...sizes, seed: 9, parameters: { b: given.b } })
    const plain = rnnCell({ ...sizes, seed: 9 })
    should([...cell.parameters.b.data]).eql(given.b)
    for (const name of ['W', 'U', 'V', 'c'])
      should([...cell.parameters[name].data]).eql([...plain.parameters[name].data])
  })

  it('takes tensors of the other precision, and rounds them to its own', () => {
    const c = tensor('float64', [1], Float64Array.of(0.1))
    const cell = rnnCell({ ...sizes, parameters: { c } })
    should(cell.parameters.c.dtype).equal('float32')
    should(cell.parameters.c.data[0]).equal(0.10000000149011612)
    should(c.data[0]).equal(0.1)
  })

  const bad: [what: string, options: Record<string, unknown>, message: string][] = [
    ['no input', { inputSize: 0 }, 'expected inputSize to be a whole number from 1 up to 65536, got 0'],
    [
      'half a unit',
      { hiddenSize: 2.5 },
      'expected hiddenSize to be a whole number from 1 up to 65536, got 2.5',
    ],
    [
      'a missing size',
      { outputSize: undefined },
      'expected outputSize to be a whole number from 1 up to 65536, got undefined',
    ],
    [
      'a size as text',
      { inputSize: '2' },
      'expected inputSize to be a whole number from 1 up to 65536, got the text "2"',
    ],
    [
      'too large a size',
      { hiddenSize: 1e9 },
      'expected hiddenSize to be at most 65536 (maxHiddenSize of configureLimits), got 1000000000',
    ],
    ['another type', { type: 'lstmm' }, 'expected type to be one of rnn, gru, lstm, got the text "lstmm"'],
    [
      'an unknown activation',
      { activation: 'softplus' },
      'expected activation to be one of tanh, relu, sigmoid, linear, got the text "softplus"',
    ],
    [
      'a name of every object',
      { activation: 'toString' },
      'expected activation to be one of tanh, relu, sigmoid, linear, got the text "toString"',
    ],
    [
      'an unknown initializer',
      { initializer: 'xavier' },
      'expected initializer to be one of uniform, glorot, glorot-normal, he, lecun, orthogonal, identity, zeros, got the text "xavier"',
    ],
    [
      'an unknown precision',
      { precision: 'float16' },
      'expected precision to be one of float32, float64, got the text "float16"',
    ],
    ['a gain that is not finite', { gain: Number.NaN }, 'expected gain to be a number, got NaN'],
    ['a seed that is not whole', { seed: 0.5 }, 'expected seed to be a whole number, got 0.5'],
    ['a parameter of another shape', { parameters: { W: [[1]] } }, 'expected W of shape [3, 3], got [1, 1]'],
    [
      'a transposed parameter',
      {
        parameters: {
          U: [
            [1, 2, 3],
            [4, 5, 6],
          ],
        },
      },
      'expected U of shape [3, 2], got [2, 3]',
    ],
    [
      'a ragged parameter',
      { parameters: { U: [[1, 2], [3]] } },
      'expected 2 columns at row 2 as in the first, got 1',
    ],
    [
      'a parameter it has not',
      { parameters: { R: [[1]] } },
      'expected a parameter to be one of W, U, b, V, c, got the text "R"',
    ],
    ['null in a parameter', { parameters: { c: [null] } }, 'expected a finite number at column 1, got null'],
    [
      'a parameter too large for float32',
      { parameters: { c: [1e39] } },
      'expected a finite number at column 1, got 1e+39',
    ],
    [
      'a gain that takes W out of float32',
      { gain: 1e300, initializer: 'identity' },
      'expected finite numbers in W, got Infinity at position 1',
    ],
  ]
  for (const [what, options, message] of bad)
    it(`refuses ${what}`, () =>
      throwsExpected(() => rnnCell({ ...sizes, ...options } as CellOptions), message))
})

describe('withParameters', () => {
  it('replaces what is given, keeps the rest, and leaves the cell as it was', () => {
    const cell = rnnCell(sizes)
    const before = JSON.stringify(cell)
    const changed: Cell = withParameters(cell, { V: given.V })
    should([...changed.parameters.V.data]).eql([1, 0, -1])
    should(changed.parameters.W).equal(cell.parameters.W)
    should(JSON.stringify(cell)).equal(before)
  })

  it('keeps what is given as undefined', () => {
    const cell = rnnCell(sizes)
    should(withParameters(cell, { V: undefined, c: [7] }).parameters.V).equal(cell.parameters.V)
  })

  it('names the position of a number that is not finite in a tensor', () => {
    const b = tensor('float64', [3], Float64Array.of(1, 1e39, 2))
    throwsExpected(
      () => withParameters(rnnCell(sizes), { b }),
      'expected finite numbers in b, got Infinity at position 2',
    )
  })
})
