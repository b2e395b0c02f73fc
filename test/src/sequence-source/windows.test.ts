/** How long a series must be for so many windows. */
import fc from 'fast-check'
import should from 'should'
import { sequenceSource } from '../../../src'
import { rowsFor, windows } from '../../../src/sequence-source/windows'
import { throwsExpected } from '../../support/throws'

describe('the length of a series', () => {
  it('gives as many windows as are asked for, and not one reading more', () => {
    fc.assert(
      fc.property(
        fc.record({
          length: fc.integer({ min: 1, max: 9 }),
          horizon: fc.integer({ min: 0, max: 5 }),
          stride: fc.integer({ min: 1, max: 6 }),
          targetsPer: fc.constantFrom('sequence' as const, 'step' as const),
        }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        (options, trainCount, validationCount) => {
          const { count, trainEnd } = rowsFor(trainCount, validationCount, options)
          const { train, validation } = windows(count, trainEnd, options)
          should([train.length, validation.length]).eql([trainCount, validationCount])
          const all = [...train, ...validation]
          const lastTarget = Math.max(...all.map(({ start }) => start)) + options.length - 1 + options.horizon
          should(count).equal(lastTarget + 1)
        },
      ),
    )
  })

  it('is refused if it is beyond all measure', () => {
    throwsExpected(
      () => sequenceSource({ task: 'lorenz', epochSize: 5_000_000, stride: 3, validationSplit: 0 }),
      'expected at most 10000000 samples for this epochSize, length and stride (maxReadings of configureLimits), got 15000018',
    )
  })
})
