/** The dialog of unroll: it knows the topologies of the library, draws them, and has words for every field. */
import should from 'should'
import { feedNames, topologyNames } from '../../src'
import { dialogOf, type Fields } from '../support/dialog'
import { describeDialog } from '../support/dialog-rules'

const { definition, choices, validate, usual, global } = dialogOf('unroll')
const { picture } = global.rnnUnrollDialog as { picture(get: (field: string) => unknown): string }
const drawn = (fields: Fields) => picture((field) => ({ ...usual, ...fields })[field])
const boxes = (svg: string, name: string) => svg.split(`class="rnn-${name}"`).length - 1

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

  for (const [topology, inputs, states, outputs] of [
    ['one-to-one', 1, 1, 1],
    ['one-to-many', 1, 3, 3],
    ['many-to-one', 3, 3, 1],
    ['many-to-many', 3, 3, 3],
    ['encoder-decoder', 3, 5, 2],
  ] as const) {
    it(`draws ${topology} as everybody does, and what is fed back where it is`, () => {
      const svg = drawn({ topology })
      should([boxes(svg, 'x'), boxes(svg, 'h'), boxes(svg, 'o')]).eql([inputs, states, outputs])
      should(boxes(svg, 'fed')).equal(0)
      const isFed = topology === 'one-to-many' || topology === 'encoder-decoder'
      should(boxes(drawn({ topology, feed: 'output' }), 'fed')).equal(isFed ? outputs - 1 : 0)
    })
  }

  const fed = { topology: 'one-to-many' }
  for (const [field, others, good, bad] of [
    ['steps', fed, ['', '1', '500'], ['0', '1.5', 'x']],
    ['steps', { topology: 'many-to-many' }, ['0', 'x'], []],
    ['teacherForcing', fed, ['', '0', '0.5', '1'], ['-0.1', '1.1', 'x']],
    ['teacherForcing', {}, ['7'], []],
    ['topics', { state: 'topic' }, ['', '1', '1000000'], ['0', '2000000', '1.5']],
    ['topics', { state: 'carry' }, ['0'], []],
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
