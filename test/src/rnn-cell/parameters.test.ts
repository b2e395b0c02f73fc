/** Names and shapes of the parameters of every kind of cell. */
import fc from 'fast-check'
import should from 'should'
import { type CellOptions, parameterCount, parameterShapes, rnnCell } from '../../../src'
import { mapParameters } from '../../../src/rnn-cell/parameters'
import { cases } from '../../support/networks'

const sizes = { inputSize: 2, hiddenSize: 3, outputSize: 1 }
const shapes = (options: Partial<CellOptions>) => parameterShapes(rnnCell({ ...sizes, ...options }))

describe('the parameters of a cell', () => {
  it('of an rnn are W [H,H], U [H,D], b [H], V [O,H], c [O]', () => {
    should(shapes({})).eql({ W: [3, 3], U: [3, 2], b: [3], V: [1, 3], c: [1] })
  })

  it('of a gru are stacked r z n, with bn [H] where the reset comes after the product', () => {
    should(shapes({ type: 'gru' })).eql({ W: [9, 3], U: [9, 2], b: [9], bn: [3], V: [1, 3], c: [1] })
    should(shapes({ type: 'gru', resetAfter: false })).eql({
      W: [9, 3],
      U: [9, 2],
      b: [9],
      V: [1, 3],
      c: [1],
    })
  })

  it('of an lstm are stacked i f g o, with p [3H] for peepholes', () => {
    should(shapes({ type: 'lstm' })).eql({ W: [12, 3], U: [12, 2], b: [12], V: [1, 3], c: [1] })
    should(shapes({ type: 'lstm', peepholes: true }).p).eql([9])
  })

  it('of layer k have that number behind their names, and take in what the layer below says', () => {
    should(shapes({ layers: 3 })).eql({
      W: [3, 3],
      U: [3, 2],
      b: [3],
      W2: [3, 3],
      U2: [3, 3],
      b2: [3],
      W3: [3, 3],
      U3: [3, 3],
      b3: [3],
      V: [1, 3],
      c: [1],
    })
  })

  it('of the reverse direction have an r behind their names; layers above and the readout see both', () => {
    const both = shapes({ bidirectional: true, layers: 2 })
    should(Object.keys(both)).eql([
      'W',
      'U',
      'b',
      'Wr',
      'Ur',
      'br',
      'W2',
      'U2',
      'b2',
      'W2r',
      'U2r',
      'b2r',
      'V',
      'c',
    ])
    should([both.Ur, both.U2, both.U2r, both.V]).eql([
      [3, 2],
      [3, 6],
      [3, 6],
      [1, 6],
    ])
  })

  it('of a decoder have a d behind their names, and take in what the readout says', () => {
    const decoder = shapes({ type: 'gru', decoder: true, layers: 2, outputSize: 4 })
    should(Object.keys(decoder)).eql([
      'W',
      'U',
      'b',
      'bn',
      'W2',
      'U2',
      'b2',
      'bn2',
      'Wd',
      'Ud',
      'bd',
      'bnd',
      'W2d',
      'U2d',
      'b2d',
      'bn2d',
      'V',
      'c',
    ])
    should([decoder.Ud, decoder.U2d]).eql([
      [9, 4],
      [9, 3],
    ])
  })

  it('have no V and c with readout none, where the hidden state is the output', () => {
    const none = rnnCell({ inputSize: 2, hiddenSize: 3, readout: 'none' })
    should(Object.keys(none.parameters)).eql(['W', 'U', 'b'])
    should(none.sizes.outputSize).equal(3)
    const both = rnnCell({ inputSize: 2, hiddenSize: 3, readout: 'none', bidirectional: true, outputSize: 6 })
    should(both.sizes.outputSize).equal(6)
  })

  it('are what the cell has, and as many as it says', () => {
    fc.assert(
      fc.property(cases('float32', 1), ({ cell }) => {
        const wanted = parameterShapes(cell)
        should(mapParameters(cell.parameters, ({ shape }) => shape)).eql(wanted)
        should(Object.keys(cell.parameters)).eql(Object.keys(wanted))
        const counts = Object.values(wanted).map((shape) => shape.reduce((product, size) => product * size))
        should(parameterCount(cell)).equal(counts.reduce((sum, count) => sum + count))
      }),
      { numRuns: 50 },
    )
  })
})
