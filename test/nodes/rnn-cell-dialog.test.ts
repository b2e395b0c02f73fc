/** The dialog of rnn-cell: it knows the cells of the library, counts their weights, and has words for every field. */
import fc from 'fast-check'
import should from 'should'
import {
  activationNames,
  type CellOptions,
  cellTypes,
  gateActivationNames,
  initializerNames,
  parameterCount,
  readoutNames,
  rnnCell,
} from '../../src'
import { dialogOf, type Fields } from '../support/dialog'
import { describeDialog } from '../support/dialog-rules'

const { definition, choices, validate, usual, global } = dialogOf('rnn-cell')
const { weightCount } = global.rnnCellDialog as { weightCount(get: (field: string) => unknown): number }
const countOf = (fields: Fields) => weightCount((field) => ({ ...usual, ...fields })[field])

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

describe("rnn-cell's dialog", () => {
  describeDialog('rnn-cell')

  it('offers what the library has, and first what an old flow means', () => {
    for (const [field, names, first] of [
      ['cellType', cellTypes, 'rnn'],
      ['activation', activationNames, 'tanh'],
      ['gateActivation', gateActivationNames, 'sigmoid'],
      ['readout', readoutNames, 'linear'],
      ['initializer', initializerNames, 'uniform'],
      ['precision', ['float32', 'float64'], 'float32'],
    ] as const) {
      should(choices(field).sort()).eql([...names].sort())
      should(choices(field)[0]).equal(first)
      should(usual[field]).equal(first)
    }
  })

  it('counts the weights as the library does, whatever is hidden', () => {
    fc.assert(
      fc.property(cells, ({ options, fields }) => {
        should(countOf(fields)).equal(parameterCount(rnnCell(options)))
      }),
    )
  })

  it('counts nothing while a size is blank, and takes a blank hidden size for the usual one', () => {
    should(countOf({ inputSize: '', outputSize: '1' })).be.NaN()
    should(countOf({ inputSize: '1', outputSize: '' })).be.NaN()
    should(countOf({ inputSize: '1', outputSize: '', readout: 'none' })).equal(16 * 16 + 16 + 16)
    should(countOf({ inputSize: '2', outputSize: '1', hiddenSize: '' })).equal(16 * 16 + 32 + 16 + 17)
  })

  for (const [field, others, good, bad] of [
    ['clip', {}, ['', '0.5'], ['0', '-1', 'x']],
    ['layers', {}, ['', '1', '8'], ['0', '9', '1.5']],
    ['inputSize', {}, ['', '1', '65536'], ['0', '65537', '1.5']],
    ['hiddenSize', {}, ['', '1', '65536'], ['0', '65537', 'many']],
    ['outputSize', {}, ['', '1'], ['0', 'x']],
    ['outputSize', { readout: 'none' }, ['', '0', 'x'], []],
    ['gain', {}, ['', '-1', '2.5'], ['x']],
    ['gain', { gainType: 'flow' }, ['knob'], []],
    ['forgetBias', { cellType: 'lstm' }, ['', '1', '-2'], ['x']],
    ['forgetBias', { cellType: 'gru' }, ['x'], []],
    ['chrono', { cellType: 'gru' }, ['', '2', '40'], ['1', 'x']],
    ['chrono', { cellType: 'rnn' }, ['1', 'x'], []],
    ['chrono', { cellType: 'lstm', forgetBias: '1' }, [''], ['40']],
    ['chrono', { cellType: 'gru', forgetBias: '1' }, ['40'], []],
    ['seed', {}, ['', '7', '-7'], ['0.5', 'x']],
    [
      'parameters',
      {},
      ['', '{}', '{"W":[[1]],"b2r":[0],"Ud":[[1]],"bn":[1],"p":[1]}'],
      ['{"Z":[1]}', '[1]', '{'],
    ],
  ] as [string, Fields, string[], string[]][]) {
    it(`marks a wrong ${field} with a sentence: ${JSON.stringify(others)}`, () => {
      for (const value of good) should(validate(field, value, others)).be.true(`${field} ${value}`)
      for (const value of bad)
        should(validate(field, value, others))
          .be.a.String()
          .and.match(/\w+ .*\w/)
    })
  }

  it('is named after its cell', () => {
    const label = (fields: Fields) => definition.label.call({ ...usual, ...fields })
    should(label({})).equal('rnn 16')
    should(label({ cellType: 'lstm', layers: '2', hiddenSize: '8' })).equal('lstm 2×8')
    should(label({ cellType: 'gru', parameters: '{"b":[0]}' })).equal('gru')
    should(label({ name: 'memory' })).equal('memory')
    should(definition.label.call({})).equal('rnn 16')
  })
})
