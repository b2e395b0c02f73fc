/** What rnn-cell's dialog makes of its fields: the form of the cell, and how many numbers it learns. */
import fc from 'fast-check'
import should from 'should'
import { countsOf, totalOf } from '../../../editor/dialogs/rnn-cell/counts'
import { formOf } from '../../../editor/dialogs/rnn-cell/form'
import { type CellOptions, cellTypes, parameterCount, readoutNames, rnnCell } from '../../../src'
import { dialogOf, type Fields } from '../../support/dialog'

const { usual } = dialogOf('rnn-cell')
const form = (fields: Fields) => formOf((field) => ({ ...usual, ...fields })[field])
const counts = (fields: Fields) => countsOf(form(fields) as NonNullable<ReturnType<typeof form>>)
const countOf = (fields: Fields) => totalOf(counts(fields))
const byLetter = (fields: Fields) =>
  Object.fromEntries(counts(fields).map(({ letter, shape, numbers }) => [letter, [shape, numbers]]))

/** Options of the library, at random, and the same as a dialog has them. */
const cells = fc
  .record({
    type: fc.constantFrom(...cellTypes),
    inputSize: fc.integer({ min: 1, max: 9 }),
    hiddenSize: fc.integer({ min: 1, max: 9 }),
    outputSize: fc.integer({ min: 1, max: 9 }),
    layers: fc.integer({ min: 1, max: 4 }),
    bidirectional: fc.boolean(),
    decoder: fc.boolean(),
    resetAfter: fc.boolean(),
    peepholes: fc.boolean(),
    readout: fc.constantFrom(...readoutNames),
  })
  .map(({ type, outputSize, decoder, resetAfter, peepholes, ...rest }) => {
    const options: CellOptions = {
      type,
      ...rest,
      ...(rest.readout !== 'none' && { outputSize }),
      decoder: decoder && !rest.bidirectional,
      ...(type === 'gru' && { resetAfter }),
      ...(type === 'lstm' && { peepholes }),
    }
    const numbers = {
      inputSize: rest.inputSize,
      hiddenSize: rest.hiddenSize,
      outputSize,
      layers: rest.layers,
    }
    const typed = Object.fromEntries(Object.entries(numbers).map(([field, value]) => [field, String(value)]))
    return { options, fields: { ...rest, ...typed, cellType: type, decoder, resetAfter, peepholes } }
  })

describe("the cell in rnn-cell's dialog", () => {
  it('has as many numbers as that of the library, whatever is hidden', () => {
    fc.assert(
      fc.property(cells, ({ options, fields }) => {
        should(countOf(fields)).equal(parameterCount(rnnCell(options)))
      }),
    )
  })

  it('shows them letter by letter', () => {
    should(byLetter({ inputSize: '2', hiddenSize: '3', outputSize: '1' })).eql({
      W: ['3 × 3', 9],
      U: ['3 × 2', 6],
      b: ['3', 3],
      V: ['1 × 3', 3],
      c: ['1', 1],
    })
    const gru = byLetter({ cellType: 'gru', inputSize: '2', hiddenSize: '3', outputSize: '1' })
    should(gru).containEql({ W: ['9 × 3', 27], bn: ['3', 3] })
    const lstm = { cellType: 'lstm', peepholes: true, inputSize: '2', hiddenSize: '3', outputSize: '1' }
    should(byLetter(lstm)).containEql({ W: ['12 × 3', 36], p: ['9', 9] })
  })

  it('adds up layers, directions and a decoder under one letter', () => {
    const [W] = counts({ layers: '2', bidirectional: true, inputSize: '1', hiddenSize: '4', outputSize: '1' })
    should(W).match({ letter: 'W', names: ['W', 'Wr', 'W2', 'W2r'], numbers: 64 })
    const [own] = counts({ decoder: true, inputSize: '1', hiddenSize: '4', outputSize: '1' })
    should(own.names).eql(['W', 'Wd'])
  })

  it('writes the letter of a size that is not known, and counts what does not depend on it', () => {
    should(byLetter({})).eql({
      W: ['16 × 16', 256],
      U: ['16 × D', Number.NaN],
      b: ['16', 16],
      V: ['O × 16', Number.NaN],
      c: ['O', Number.NaN],
    })
    should(countOf({ inputSize: '1', outputSize: '' })).be.NaN()
    should(countOf({ inputSize: '1', readout: 'none' })).equal(16 * 16 + 16 + 16)
    should(countOf({ inputSize: '2', outputSize: '1', hiddenSize: '' })).equal(16 * 16 + 32 + 16 + 17)
    should(byLetter({ hiddenSize: 'many' }).W).eql(['H × H', Number.NaN])
  })

  it('takes sizes from parameters that were typed in, before those of the fields', () => {
    const parameters = '{"W": [[0, 1], [1, 0]], "U": [[1], [1]], "c": [0, 0, 0]}'
    should(form({ hiddenSize: '7', parameters })?.sizes).eql({ inputSize: 1, hiddenSize: 2, outputSize: 3 })
    should(form({ hiddenSize: '7', parameters: '{"W":' })?.sizes.hiddenSize).equal(7)
  })

  it('has no form where the number of layers is none', () => {
    for (const layers of ['0', '9', '1.5', '1e9', 'many']) should(form({ layers })).be.undefined()
    should(form({ layers: '' })?.layers).equal(1)
  })
})
