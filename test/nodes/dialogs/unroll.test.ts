/** The steps that unroll's dialog draws of each topology. */
import should from 'should'
import { drawnSteps, topologyOf } from '../../../editor/dialogs/unroll/plan'
import { topologyNames } from '../../../src'

const of = (fields: Record<string, string>) => drawnSteps((field) => fields[field])

describe("the picture in unroll's dialog", () => {
  for (const [topology, steps, inputs, outputs, fed] of [
    ['one-to-one', 1, [1], [1], []],
    ['one-to-many', 3, [1], [1, 2, 3], [2, 3]],
    ['many-to-one', 3, [1, 2, 3], [3], []],
    ['many-to-many', 3, [1, 2, 3], [1, 2, 3], []],
    ['encoder-decoder', 5, [1, 2, 3], [4, 5], [5]],
  ] as const) {
    it(`draws ${topology} as everybody does, and what is fed back where it is`, () => {
      const drawn = of({ topology, feed: 'zeros' })
      const which = (name: 'hasInput' | 'hasOutput' | 'isFedBack', from = drawn) =>
        from.filter((step) => step[name]).map(({ step }) => step)
      should(drawn.map(({ step }) => step)).eql(Array.from({ length: steps }, (_, index) => index + 1))
      should(which('hasInput')).eql([...inputs])
      should(which('hasOutput')).eql([...outputs])
      should(which('isFedBack')).eql([])
      for (const feed of ['output', 'one-hot'])
        should(which('isFedBack', of({ topology, feed }))).eql([...fed])
    })
  }

  it('draws every topology of the library, and many-to-one for one that is none', () => {
    for (const topology of topologyNames) should(topologyOf(() => topology)).equal(topology)
    should(of({})).eql(of({ topology: 'many-to-one' }))
    should(of({ topology: 'x' })).eql(of({ topology: 'many-to-one' }))
  })
})
