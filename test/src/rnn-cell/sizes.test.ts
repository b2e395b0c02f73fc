/** The sizes of a cell, read off the shapes of whichever parameters there are. */
import should from 'should'
import { type CellOptions, parameterShapes, rnnCell, sizesOfShapes } from '../../../src'

const sizes = { inputSize: 2, hiddenSize: 3, outputSize: 5 }

describe('sizes read off shapes', () => {
  const forms: Partial<CellOptions>[] = [
    {},
    { type: 'gru' },
    { type: 'lstm', peepholes: true },
    { bidirectional: true },
    { type: 'gru', bidirectional: true, layers: 2 },
  ]
  for (const form of forms) {
    const shapes = parameterShapes(rnnCell({ ...sizes, ...form }))

    it(`are those of the cell (${JSON.stringify(form)})`, () => {
      should(sizesOfShapes(shapes, form)).eql(sizes)
    })

    it(`are as many as a single parameter says (${JSON.stringify(form)})`, () => {
      const told = (name: string) => sizesOfShapes({ [name]: shapes[name] }, form)
      should(told('W')).eql({ hiddenSize: 3 })
      should(told('U')).eql({ hiddenSize: 3, inputSize: 2 })
      should(told('b')).eql({ hiddenSize: 3 })
      should(told('V')).eql({ hiddenSize: 3, outputSize: 5 })
      should(told('c')).eql({ outputSize: 5 })
    })
  }

  it('are those of an rnn of one direction if nothing is said', () => {
    should(sizesOfShapes({ b: [12] })).eql({ hiddenSize: 12 })
    should(sizesOfShapes({ V: [1, 12] })).eql({ hiddenSize: 12, outputSize: 1 })
  })

  it('are none where there are no parameters', () => {
    should(sizesOfShapes({})).eql({})
  })

  it('go by W before U and b, by those before V', () => {
    should(sizesOfShapes({ W: [1, 1], U: [2, 9], b: [3], V: [8, 4] })).eql({
      hiddenSize: 1,
      inputSize: 9,
      outputSize: 8,
    })
    should(sizesOfShapes({ U: [2, 9], b: [3], V: [8, 4] }).hiddenSize).equal(2)
    should(sizesOfShapes({ b: [3], V: [8, 4], c: [7] })).eql({ hiddenSize: 3, outputSize: 8 })
  })
})
