/** Norms of the terms of each sequence of a batch, by the kernels and by the steps: those of the sequence by itself. */
import fc from 'fast-check'
import should from 'should'
import { kernelNames } from '../../../src'
import { cases, gradientOf } from '../../support/networks'
import { sequenceAt } from '../../support/one-sequence'

describe('terms of each sequence', () => {
  for (const kernel of kernelNames)
    it(`are the terms of the sequence by itself (${kernel})`, () => {
      fc.assert(
        fc.property(
          cases('float64', 8, {
            reduction: fc.constant('sum'),
            teacherForcing: fc.constantFrom(0, 1),
            gain: fc.constant(1),
            feed: fc.constantFrom('zeros', 'output'),
          }),
          (network) => {
            const own = { ...network, loss: { ...network.loss, kernel } }
            const { terms, sequenceTerms, norm } = gradientOf(own, { terms: 'sequence' })
            const [batch] = network.inputs.shape
            should(terms).eql({})
            for (let sequence = 0; sequence < batch; sequence++) {
              const alone = gradientOf(sequenceAt(network, sequence))
              const names = Object.keys(alone.terms)
              should(Object.keys(sequenceTerms ?? {})).eql(names)
              for (const name of names)
                alone.terms[name].forEach((value, step) => {
                  const { shape, data } = (
                    sequenceTerms as Record<string, { shape: readonly number[]; data: ArrayLike<number> }>
                  )[name]
                  should(shape).eql([alone.terms[name].length, batch])
                  should(data[step * batch + sequence]).be.approximately(
                    value,
                    1e-10 * Math.max(1, norm),
                    name,
                  )
                })
            }
          },
        ),
        { numRuns: 60 },
      )
    })

  it('are not there where the batch, or nothing, is asked for', () => {
    const [network] = fc.sample(cases('float64', 4), 1)
    for (const kernel of kernelNames) {
      const own = { ...network, loss: { ...network.loss, kernel } }
      should(gradientOf(own)).not.have.property('sequenceTerms')
      const none = gradientOf(own, { terms: 'none' })
      should(none).not.have.property('sequenceTerms')
      should(none.terms).eql({})
    }
  })
})
