/** What the nodes hold of the engine together: threads and memory, until the last of them ends. */
import type { NodeAPI } from 'node-red'
import should from 'should'
import { leaveEngine, useEngine } from '../../nodes/common/engine'
import { configurePool, rnnCell, tensor, type Unrolled, unrollAsync } from '../../src'
import { runnerWithTape } from '../../src/unroll/programs'
import { withFlow } from '../support/flow'
import { type Threads, watchThreads, withWorkersVariable } from '../support/threads'
import { throwsExpected } from '../support/throws'
import { network } from '../support/unroll-flow'

const withSetting = (rnnWorkers?: unknown) => ({ settings: { rnnWorkers } }) as unknown as NodeAPI

/** Tens of milliseconds of work. */
const cell = rnnCell({ type: 'lstm', inputSize: 1, hiddenSize: 64, outputSize: 1, precision: 'float64' })
const inputs = tensor('float64', [32, 300, 1])
const largeWork = async (): Promise<Unrolled> => {
  const pending = unrollAsync(cell, inputs)
  should(pending).be.a.Promise()
  return pending
}
const holdsTape = (unrolled: Unrolled) => runnerWithTape(unrolled) !== undefined

describe('the engine', () => {
  let threads: Threads
  beforeEach(() => {
    threads = watchThreads()
  })
  afterEach(() => {
    threads.end()
    configurePool({})
  })

  it('ends its threads and gives its memory back with the last node, and starts again with the next', () =>
    withWorkersVariable('1', async () => {
      for (const round of [1, 2]) {
        useEngine(withSetting())
        useEngine(withSetting())
        const unrolled = await largeWork()
        should([threads.started(), threads.alive()]).eql([round, 1])
        await leaveEngine()
        should(threads.alive()).equal(1)
        should(holdsTape(unrolled)).be.true()
        await leaveEngine()
        should(threads.alive()).equal(0)
        should(holdsTape(unrolled)).be.false()
      }
    }))

  it('has the threads that the settings file says', () =>
    withWorkersVariable(undefined, async () => {
      useEngine(withSetting(0))
      await largeWork()
      should(threads.started()).equal(0)
      await leaveEngine()
      useEngine(withSetting(2))
      await largeWork()
      should(threads.started()).be.within(1, 2)
      await leaveEngine()
    }))

  for (const [rnnWorkers, variable, says] of [
    ['two', undefined, /^expected rnnWorkers in Node-RED's settings file to be a whole number .* "two"$/],
    [-1, undefined, /^expected rnnWorkers in .* from 0 up to 64, got -1$/],
    [null, undefined, /^expected rnnWorkers in .* got null$/],
    [undefined, 'many', /^expected RNN_WORKERS to be a whole number from 0 up to 64, got the text "many"$/],
    [2, '1.5', /^expected RNN_WORKERS .* got 1.5$/],
  ] as const) {
    it(`refuses rnnWorkers: ${rnnWorkers} with RNN_WORKERS=${variable ?? ''}, and is left all the same`, () =>
      withWorkersVariable(variable, async () => {
        throwsExpected(() => useEngine(withSetting(rnnWorkers)), says)
        await leaveEngine()
        await withWorkersVariable('1', async () => {
          useEngine(withSetting())
          await largeWork()
          await leaveEngine()
          should(threads.alive()).equal(0)
        })
      }))

    it(`tells each node that answers of rnnWorkers: ${rnnWorkers} with RNN_WORKERS=${variable ?? ''}`, () =>
      withWorkersVariable(variable, () =>
        withFlow(
          network(),
          async (flow) => {
            flow.send('unroll', { payload: [1] })
            await flow.settled()
            should(flow.taken('errors').map(({ error }) => error?.message.replace(/^\w+: /, ''))).matchEach(
              says,
            )
            should(flow.completions('unroll')).have.length(1)
            should(String(flow.completions('unroll')[0])).match(/^unroll: expected /)
          },
          { rnnWorkers },
        ),
      ))
  }
})
