/** The delayed echo against its definition. */
import fc from 'fast-check'
import should from 'should'
import { random } from '../../../../src/random/random'
import { delayedEcho } from '../../../../src/sequence-source/tasks/delayed-echo'
import { throwsExpected } from '../../../support/throws'
import { deviation, mean, seed } from '../drawn'

describe('delayed echo', () => {
  it('asks at step t for the input of step t - delay, and masks the steps before there is one', () => {
    fc.assert(
      fc.property(
        seed,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 30 }),
        (from, delay, more) => {
          const length = delay + more
          const { inputs, target, targetMask } = delayedEcho({ length, delay }).draw(random(from))
          should([inputs.length, target.length, targetMask?.length]).eql([length, length, length])
          for (let step = 0; step < length; step++) {
            should(targetMask?.[step]).equal(step < delay ? 0 : 1)
            should(target[step]).equal(step < delay ? 0 : inputs[step - delay][0])
          }
        },
      ),
    )
  })

  it('draws its inputs evenly from -0.5 to 0.5', () => {
    const values = delayedEcho({ length: 20000 })
      .draw(random(2))
      .inputs.map(([value]) => value)
    should(Math.min(...values)).be.within(-0.5, -0.49)
    should(Math.max(...values)).be.within(0.49, 0.5)
    should(mean(values)).be.approximately(0, 0.01)
    should(deviation(values)).be.approximately(1 / Math.sqrt(12), 0.005)
  })

  it('refuses a delay that is not shorter than the sequence', () => {
    const message = (delay: number) => `expected delay to be a whole number from 1 up to 7, got ${delay}`
    for (const delay of [0, 8, 1.5]) throwsExpected(() => delayedEcho({ length: 8, delay }), message(delay))
  })
})
