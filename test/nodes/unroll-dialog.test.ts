/** The dialog of unroll: it knows the topologies of the library, and has words for every field. */
import should from 'should'
import { feedNames, topologyNames } from '../../src'
import { dialogOf, type Fields } from '../support/dialog'
import { describeDialog } from '../support/dialog-rules'

const { definition, choices, validate, usual } = dialogOf('unroll')

describe("unroll's dialog", () => {
  describeDialog('unroll')

  it('offers what the library has', () => {
    for (const [field, names, first] of [
      ['topology', topologyNames, 'many-to-one'],
      ['feed', feedNames, 'zeros'],
      ['state', ['fresh', 'carry', 'topic'], 'fresh'],
      ['pastEnd', ['zero', 'hold'], 'zero'],
    ] as const) {
      should(choices(field).sort()).eql([...names].sort())
      should(usual[field]).equal(first)
    }
  })

  const fed = { topology: 'one-to-many' }
  for (const [field, others, good, bad] of [
    ['steps', fed, ['', '1', '500'], ['0', '1.5', 'x']],
    ['steps', { topology: 'many-to-many' }, ['0', 'x'], []],
    ['teacherForcing', fed, ['', '0', '0.5', '1'], ['-0.1', '1.1', 'x']],
    ['teacherForcing', {}, ['7'], []],
    ['topics', { state: 'topic' }, ['', '1', '1000000'], ['0', '2000000', '1.5']],
    ['topics', { state: 'carry' }, ['0'], []],
    ['anomalyBand', {}, ['', '0.5', '4'], ['0', '-1', 'x']],
    ['anomalyMemory', {}, ['', '1', '1000000'], ['0', '2000000', 'x']],
    ['anomalyWarmUp', {}, ['', '2', '1000000'], ['1', '2.5', '2000000']],
  ] as [string, Fields, string[], string[]][]) {
    it(`marks a wrong ${field} with a sentence: ${JSON.stringify(others)}`, () => {
      for (const value of good) should(validate(field, value, others)).be.true(`${field} ${value}`)
      for (const value of bad)
        should(validate(field, value, others))
          .be.a.String()
          .and.match(/\w+ .*\w/)
    })
  }

  it('is named after its topology', () => {
    should(definition.label.call({ ...usual, topology: 'one-to-one' })).equal('one-to-one')
    should(definition.label.call({})).equal('many-to-one')
  })
})
