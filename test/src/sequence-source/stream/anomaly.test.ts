/** How unusual an error is, and when that is an alert. */
import fc from 'fast-check'
import should from 'should'
import { type AnomalyOptions, anomalyDetector } from '../../../../src'
import { random } from '../../../../src/random/random'
import { throwsExpected } from '../../../support/throws'

/** Errors of one output, the prediction being 0. */
const run = (errors: readonly number[], options: AnomalyOptions = {}) => {
  const detector = anomalyDetector(options)
  return errors.map((error) => detector.observe([0], [error]))
}
const normal = (count: number, seed = 1, deviation = 1) => {
  const from = random(seed)
  return Array.from({ length: count }, () => deviation * from.normal())
}

describe('an anomaly', () => {
  it('says truth, prediction and the error between them, and nothing more in the warm-up', () => {
    const detector = anomalyDetector({ warmUp: 2 })
    should(detector.observe([1, 2], [4, 1])).eql({
      truth: [4, 1],
      prediction: [1, 2],
      error: [3, -1],
      score: null,
      band: null,
      state: 'ok',
    })
  })

  it('has as score how many deviations the error is off the mean of those before', () => {
    const [, , , fourth] = run([1, 3, 2, 8], { warmUp: 3 })
    const deviation = Math.sqrt(2 / 3)
    should(fourth.score).be.approximately(6 / deviation, 1e-12)
    should(fourth.band?.[0][0]).be.approximately(2 - 4 * deviation, 1e-12)
    should(fourth.band?.[1][0]).be.approximately(2 + 4 * deviation, 1e-12)
    should(fourth.state).equal('alert')
  })

  it('of several outputs has the score of the one that is furthest off', () => {
    const detector = anomalyDetector({ warmUp: 2 })
    detector.observe([0, 0], [1, 10])
    detector.observe([0, 0], [-1, -10])
    const { score, band } = detector.observe([0, 5], [3, 15])
    should(score).be.approximately(3, 1e-12)
    should(band).eql([
      [-4, -35],
      [4, 45],
    ])
  })

  it('is rare where errors are normal, and the band has the width that is asked for', () => {
    for (const [band, share] of [
      [2, 0.0455],
      [3, 0.0027],
    ]) {
      const late = run(normal(20_000), { band, memory: 2000 }).slice(2000)
      const outside = late.filter(({ score }) => (score as number) > band).length / late.length
      should(outside).be.approximately(share, share / 2)
    }
  })

  it('follows an error that becomes smaller, as that of a network that learns', () => {
    const errors = [...normal(100, 2, 100), ...normal(1500, 3, 1), 20]
    const last = run(errors).at(-1)
    should(last?.score).be.above(10)
    should(last?.state).equal('alert')
  })

  it('does not make the next one look usual', () => {
    const seen = run([...normal(500), 1000, 1000])
    const [first, second] = seen.slice(-2).map(({ score }) => score as number)
    should(first).be.above(500)
    should(second).be.above(first / 2)
  })

  it('ends when all is clearly calm for some errors', () => {
    const calm = [0.1, -0.1, 0.1, -0.1, 0.1]
    // the deviation is 1 and hardly moves
    const options = { warmUp: 2, memory: 1e6, band: 4 }
    const states = (errors: number[], more: AnomalyOptions = {}) =>
      run([1, -1, ...errors], { ...options, ...more })
        .slice(2)
        .map(({ state }) => (state === 'alert' ? 1 : 0))
    should(states([5, ...calm])).eql([1, 1, 1, 0, 0, 0])
    should(states([5, ...calm], { leaveAfter: 1 })).eql([1, 0, 0, 0, 0, 0])
    // 3 is within the band, and not clearly so
    should(states([5, 0, 0, 3, 0, 0, 0, 3])).eql([1, 1, 1, 1, 1, 1, 0, 0])
    should(states([5, 3, 3, 3], { leaveBelow: 0.9 })).eql([1, 1, 1, 0])
    should(states([3.9, 4.1])).eql([0, 1])
  })

  it('is none where nothing ever changes, but for the last digits', () => {
    const detector = anomalyDetector()
    const seen = Array.from({ length: 200 }, (_, nth) => detector.observe([1], [1 + (nth % 7) * 1e-15], [1]))
    should(seen.every(({ state }) => state === 'ok')).be.true()
    const { score, state } = detector.observe([1], [1.1], [1])
    should(state).equal('alert')
    should(score).be.approximately(10, 0.1)
    // without a measure of what is usual any difference is one
    should(run([...Array(100).fill(0), 1e-9]).at(-1)?.state).equal('alert')
  })

  it('goes on from its state bit for bit', () => {
    const errors = fc.array(fc.double({ min: -1e100, max: 1e100, noNaN: true }), { maxLength: 100 })
    fc.assert(
      fc.property(errors, fc.nat({ max: 100 }), (all, cut) => {
        const options = { warmUp: 5, memory: 10, leaveAfter: 2 }
        const detector = anomalyDetector(options)
        for (const error of all.slice(0, cut)) detector.observe([0], [error])
        const again = anomalyDetector(options, JSON.parse(JSON.stringify(detector.state())))
        for (const error of all.slice(cut)) {
          const seen = detector.observe([0], [error])
          should(JSON.stringify(again.observe([0], [error]))).equal(JSON.stringify(seen))
          should(seen.score === null || Number.isFinite(seen.score)).be.true()
        }
        should(JSON.stringify(again.state())).equal(JSON.stringify(detector.state()))
      }),
    )
  })

  it('refuses a state that no detector has been in', () => {
    const state = { count: 2, mean: [0], variance: [1], alert: false, calm: 0 }
    should(anomalyDetector({}, state).state()).eql(state)
    for (const wrong of [
      { count: -1 },
      { calm: 0.5 },
      { mean: 0 },
      { mean: [] },
      { variance: [-1] },
      { variance: [null] },
      { alert: 1 },
    ])
      throwsExpected(
        () => anomalyDetector({}, { ...state, ...wrong } as never),
        'expected a state { count, mean, variance, alert, calm } of a detector, got an object',
      )
  })

  it('refuses options out of their range, and another number of outputs', () => {
    for (const [options, message] of [
      [{ band: 0 }, 'expected band to be a number above 0, got 0'],
      [{ memory: 0 }, 'expected memory to be a number from 1 up to 1000000, got 0'],
      [{ warmUp: 1 }, 'expected warmUp to be a whole number from 2 up to 1000000, got 1'],
      [{ leaveBelow: 1.1 }, 'expected leaveBelow to be a number above 0 up to 1, got 1.1'],
      [{ leaveAfter: 0 }, 'expected leaveAfter to be a whole number from 1, got 0'],
    ] as const)
      throwsExpected(() => anomalyDetector(options), message)
    const detector = anomalyDetector()
    detector.observe([0], [1])
    throwsExpected(
      () => detector.observe([0, 0], [1, 1]),
      'expected 1 predictions and truths, got an array of 2',
    )
  })
})
