/** Traces on a thread of their own: whatever becomes of the thread, who asks is answered, and Node-RED lives on. */
import should from 'should'
import { answerFor } from '../../../nodes/watch/answers'
import { closeAside } from '../../../nodes/watch/aside'
import { batchOf, loopWith } from '../../support/loops'
import { type Threads, watchThreads, withWorkersVariable } from '../../support/threads'

const loop = () => loopWith(batchOf({}, { steps: 6, batch: 3 }), 3)
const failureOf = (answer: Promise<unknown>) =>
  answer.then(
    () => undefined,
    (error: Error) => error.message,
  )

describe('an answer to the sidebar', () => {
  let threads: Threads
  const unhandled: unknown[] = []
  const note = (reason: unknown) => unhandled.push(reason)
  let listeners: NodeJS.UnhandledRejectionListener[] = []
  beforeEach(() => {
    threads = watchThreads()
    unhandled.length = 0
    listeners = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', note)
  })
  afterEach(async () => {
    threads.end()
    process.removeAllListeners('unhandledRejection')
    for (const listener of listeners) process.on('unhandledRejection', listener)
    await closeAside()
  })

  it('is an error in words if the flows are stopped meanwhile, for all who wait, and nothing else happens', () =>
    withWorkersVariable('1', async () => {
      const own = loop()
      const asked = [answerFor(own, 'sum', false), answerFor(own, 'sum', false)].map(failureOf)
      await closeAside()
      for (const failure of asked)
        should(await failure).equal(
          'expected the worker pool to stay open until its jobs are done, got its end',
        )
      await new Promise((resolve) => setTimeout(resolve, 10))
      should(unhandled).eql([])
      should(JSON.parse((await answerFor(own, 'sum', false)) as string)).have.property('step', 3)
    }))

  it('comes though its thread dies', () =>
    withWorkersVariable('1', async () => {
      const own = loop()
      const asked = answerFor(own, 'sum', false)
      while (threads.alive() === 0) await new Promise(setImmediate)
      should(await threads.kill()).equal(1)
      should(JSON.parse((await asked) as string)).have.property('factors')
      should(threads.started()).equal(2)
      should(unhandled).eql([])
    }))
})
