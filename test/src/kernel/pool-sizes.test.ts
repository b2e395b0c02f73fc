/** How many threads there are, how long work is guessed to take, and when it leaves the event loop. */
import { availableParallelism } from 'node:os'
import fc from 'fast-check'
import should from 'should'
import { estimate, learn } from '../../../src/kernel/pool/estimate'
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

describe('estimate', () => {
  it('grows with the work, and is longer for the precision that took longer', () => {
    // what earlier tests of this process took says nothing here
    for (let again = 0; again < 100; again++) {
      learn(1e9, 'float32', 1e9 / 1e7)
      learn(1e9, 'float64', 1e9 / 5e6)
    }
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e12, noNaN: true }), (work) => {
        should(estimate(2 * work, 'float32')).be.approximately(2 * estimate(work, 'float32'), 1e-9 * work)
        should(estimate(work, 'float64')).be.above(estimate(work, 'float32'))
      }),
    )
  })

  it('learns from what work took, of its own precision', () => {
    const other = estimate(1e9, 'float64')
    for (const speed of [3e6, 2e8]) {
      const before = Math.abs(estimate(1e9, 'float32') - 1e9 / speed)
      learn(1e9, 'float32', 1e9 / speed)
      should(Math.abs(estimate(1e9, 'float32') - 1e9 / speed)).be.below(before)
      for (let again = 0; again < 100; again++) learn(1e9, 'float32', 1e9 / speed)
      should(estimate(1e9, 'float32')).be.approximately(1e9 / speed, 1e-6 * (1e9 / speed))
    }
    should(estimate(1e9, 'float64')).equal(other)
  })

  it('believes one run only so far, and a very short one not at all', () => {
    const before = estimate(1e9, 'float32')
    learn(1e9, 'float32', 1e9)
    should(estimate(1e9, 'float32') / before).be.approximately(1 / (1 - 0.2 * 0.75), 1e-9)
    const then = estimate(1e9, 'float32')
    learn(1e9, 'float32', 0.05)
    should(estimate(1e9, 'float32')).equal(then)
  })
})
