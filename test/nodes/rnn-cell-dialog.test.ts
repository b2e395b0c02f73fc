/** The dialog of rnn-cell: it knows the cells of the library, and has words for every field. */
import should from 'should'
import { activationNames, cellTypes, gateActivationNames, initializerNames, readoutNames } from '../../src'
import { dialogOf, type Fields } from '../support/dialog'
import { describeDialog } from '../support/dialog-rules'

const { definition, choices, validate, usual } = dialogOf('rnn-cell')

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
