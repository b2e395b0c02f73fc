/** How many threads there are, how long work is guessed to take, and when it leaves the event loop. */
import { availableParallelism } from 'node:os'
import fc from 'fast-check'
import should from 'should'
import { speed } from '../../../src/kernel/pool/estimate'
import { configureWorkers, workerCount } from '../../../src/kernel/pool/size'
import { throwsExpected } from '../../support/throws'

describe('workerCount', () => {
  const { RNN_WORKERS } = process.env
  beforeEach(() => {
    delete process.env.RNN_WORKERS
  })
  afterEach(() => {
    if (RNN_WORKERS === undefined) delete process.env.RNN_WORKERS
    else process.env.RNN_WORKERS = RNN_WORKERS
    configureWorkers({})
  })

  it('is what the machine has, up to 4', () => {
    should([1, 2, 3, 4, 5, 64].map((cores) => workerCount(cores))).eql([1, 2, 3, 4, 4, 4])
    should(workerCount()).equal(workerCount(availableParallelism()))
  })

  it('is the setting, if there is one', () => {
    for (const workers of [0, 1, 7]) {
      configureWorkers({ workers })
      should(workerCount()).equal(workers)
    }
    configureWorkers({})
    should(workerCount(3)).equal(3)
  })

  it('is RNN_WORKERS before the setting', () => {
    configureWorkers({ workers: 3 })
    process.env.RNN_WORKERS = '0'
    should(workerCount()).equal(0)
    process.env.RNN_WORKERS = ' 5 '
    should(workerCount()).equal(5)
    process.env.RNN_WORKERS = ''
    should(workerCount()).equal(3)
  })

  it('must be a whole number from 0 up to 64', () => {
    throwsExpected(
      () => configureWorkers({ workers: 1.5 }),
      'expected workers to be a whole number from 0 up to 64, got 1.5',
    )
    throwsExpected(() => configureWorkers({ workers: -1 }), /^expected workers .* got -1$/)
    process.env.RNN_WORKERS = '65'
    throwsExpected(() => workerCount(), 'expected RNN_WORKERS to be a whole number from 0 up to 64, got 65')
    process.env.RNN_WORKERS = 'many'
    throwsExpected(() => workerCount(), /^expected RNN_WORKERS .* got the text "many"$/)
    throwsExpected(() => configureWorkers({ workers: 2 }), /^expected RNN_WORKERS .* got the text "many"$/)
    throwsExpected(
      () => configureWorkers({ workers: Number.NaN }, 'rnnWorkers'),
      'expected rnnWorkers to be a whole number from 0 up to 64, got NaN',
    )
  })
})

describe('speed', () => {
  it('grows with the work', () => {
    const { estimate } = speed(1e7)
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e12, noNaN: true }), (work) => {
        should(estimate(work)).be.approximately(work / 1e7, 1e-9 * work)
      }),
    )
  })

  it('learns from what work took, of its own kind', () => {
    const [one, other] = [speed(), speed()]
    const before = other.estimate(1e9)
    for (const known of [3e6, 2e8]) {
      const distance = () => Math.abs(one.estimate(1e9) - 1e9 / known)
      const first = distance()
      one.learn(1e9, 1e9 / known)
      should(distance()).be.below(first)
      for (let again = 0; again < 100; again++) one.learn(1e9, 1e9 / known)
      should(distance()).be.below(1e-6 * (1e9 / known))
    }
    should(other.estimate(1e9)).equal(before)
  })

  it('believes one run only so far, and a very short one not at all', () => {
    const { estimate, learn } = speed(1e7)
    const before = estimate(1e9)
    learn(1e9, 1e9)
    should(estimate(1e9) / before).be.approximately(1 / (1 - 0.2 * 0.75), 1e-9)
    const then = estimate(1e9)
    learn(1e9, 0.05)
    should(estimate(1e9)).equal(then)
  })
})
