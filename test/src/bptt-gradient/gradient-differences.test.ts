/** The gradient against finite differences: every cell in every topology with every loss, and all of it mixed. */
import fc from 'fast-check'
import { topologyNames } from '../../../src'
import { cases, type Draws, lossKinds, smooth } from '../../support/networks'
import { agreesWithDifferences } from './finite-differences'

const kinds: [what: string, own: Partial<Draws>][] = [
  ['an rnn', { type: fc.constant('rnn') }],
  ['a gru', { type: fc.constant('gru'), resetAfter: fc.constant(true) }],
  ['a gru that resets before the product', { type: fc.constant('gru'), resetAfter: fc.constant(false) }],
  ['an lstm', { type: fc.constant('lstm'), peepholes: fc.constant(false) }],
  ['an lstm with peepholes', { type: fc.constant('lstm'), peepholes: fc.constant(true) }],
]
const small: Partial<Draws> = {
  ...smooth,
  layers: fc.constantFrom(1, 1, 1, 2),
  batch: fc.constantFrom(1, 2, 3),
  hiddenSize: fc.constantFrom(2, 3),
  fedSteps: fc.constantFrom(1, 2, 3, 4),
}
const { seed = 1 } = fc.readConfigureGlobal()

describe('bpttGradient agrees with finite differences to 1e-6', () => {
  let place = 0
  for (const [what, kind] of kinds) {
    for (const topology of topologyNames) {
      const own = seed + place++
      it(`for ${what}, ${topology}, every loss`, () => {
        for (const [index, loss] of lossKinds.entries())
          fc.assert(
            fc.property(
              cases('float64', 5, {
                ...small,
                ...kind,
                topology: fc.constant(topology),
                loss: fc.constant(loss),
              }),
              (network) => agreesWithDifferences(network, 6),
            ),
            { numRuns: 1, seed: own + 100 * index },
          )
      })
    }
  }

  it('for longer sequences and deeper networks of any kind', () => {
    fc.assert(
      fc.property(cases('float64', 24, smooth), (network) => agreesWithDifferences(network, 3)),
      { numRuns: 30 },
    )
  })
})
