/** The pool with small jobs that count in a shared memory, so that a test can see who ran when. */
import { getEventListeners } from 'node:events'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { threadId } from 'node:worker_threads'
import should from 'should'
import { ExpectedError } from '../../../src/expected'
import { type WorkerPool, type WorkerPoolOptions, workerPool } from '../../../src/kernel/pool/worker-pool'
import { type CountingJob, run } from '../../support/pool-worker'

type Result = ReturnType<typeof run>

const filename = resolve(__dirname, '../../support/pool-worker.ts')
const opened: WorkerPool<CountingJob, Result>[] = []

function poolOf(size: number, options: Partial<WorkerPoolOptions<CountingJob, Result>> = {}) {
  const pool = workerPool({ filename, run, size: () => size, ...options })
  opened.push(pool)
  return pool
}

/** Jobs over a memory of their own, and its counters. */
function counting(pages = 1) {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const counters = new Int32Array(memory.buffer)
  return {
    job: (action: CountingJob['action'], by?: number): CountingJob => ({ action, memory, by }),
    started: () => Atomics.load(counters, 0),
    lastByte: () => new Uint8Array(memory.buffer).at(-1),
    turns: () => Atomics.load(counters, 2),
    release: () => Atomics.store(counters, 1, 1),
    async startedReaches(count: number) {
      while (Atomics.load(counters, 0) < count) await wait(1)
    },
  }
}

/** What a call fails with. */
const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    (result) => {
      throw new Error(`it should fail, and returns ${JSON.stringify(result)}`)
    },
    (error) => error,
  )

/** Whether a promise is settled, told by a function. */
function watched(call: Promise<unknown>): () => boolean {
  let settled = false
  const settle = () => {
    settled = true
  }
  call.then(settle, settle)
  return () => settled
}

describe('workerPool', () => {
  afterEach(async () => {
    for (const pool of opened.splice(0)) await pool.close()
  })

  describe('order', () => {
    it('starts jobs in the order in which they came, of all calls', async () => {
      const pool = poolOf(1)
      const { job } = counting()
      const calls = [1, 2, 3].map((call) => pool.run([job('count', call), job('count', 10 * call)]))
      const befores = (await Promise.all(calls)).flat().map(({ before }) => before)
      should(befores).eql([0, 1, 11, 13, 33, 36])
    })

    it('returns the results in the order of the jobs, whichever ends first', async () => {
      const pool = poolOf(2)
      const [slow, quick] = [counting(), counting()]
      const call = pool.run([slow.job('until-released', 5), quick.job('count'), quick.job('count')])
      await quick.startedReaches(2)
      await slow.startedReaches(5)
      slow.release()
      const [first, second, third] = await call
      should([first.before, second.before, third.before]).eql([0, 0, 1])
    })

    it('runs as many jobs side by side as it has threads, and no more', async () => {
      const pool = poolOf(2)
      const { job, release, startedReaches } = counting()
      const call = pool.run([1, 2, 3, 4, 5, 6].map(() => job('until-released')))
      await startedReaches(2)
      release()
      const threads = new Set((await call).map(({ thread }) => thread))
      should(threads.size).equal(2)
      should(threads.has(threadId)).be.false()
    })

    it('takes no jobs at all for done', async () => {
      should(await poolOf(1).run([])).eql([])
    })

    it('refuses a call for which the queue has no room, as a whole', async () => {
      const pool = poolOf(1, { maxWaiting: 3 })
      const { job, release, started, startedReaches } = counting()
      const first = pool.run([job('until-released'), job('count')])
      await startedReaches(1)
      const error = await failureOf(pool.run([job('count'), job('count'), job('count')]))
      should(error).be.instanceOf(ExpectedError)
      should((error as Error).message).equal('expected at most 3 jobs to wait for a worker thread, got 4')
      const second = pool.run([job('count'), job('count')])
      release()
      await Promise.all([first, second])
      should(started()).equal(4)
    })

    it('has room until as many jobs run as there are threads', async () => {
      const pool = poolOf(2)
      const { job, release, startedReaches } = counting()
      should(pool.hasRoom()).be.true()
      const first = pool.run([job('until-released')])
      await startedReaches(1)
      should(pool.hasRoom()).be.true()
      const second = pool.run([job('until-released')])
      should(pool.hasRoom()).be.false()
      release()
      await Promise.all([first, second])
      should(pool.hasRoom()).be.true()
    })

    it('takes another number of threads when no job runs', async () => {
      let size = 1
      const pool = poolOf(1, { size: () => size })
      const { job, release, startedReaches, started } = counting()
      const first = pool.run([job('until-released'), job('until-released')])
      await startedReaches(1)
      size = 2
      should(pool.hasRoom()).be.false()
      const second = pool.run([job('count')])
      should(started()).equal(1)
      release()
      await Promise.all([first, second])
      const wide = counting()
      const third = pool.run([wide.job('until-released'), wide.job('until-released')])
      await wide.startedReaches(2)
      wide.release()
      should(new Set((await third).map(({ thread }) => thread)).size).equal(2)
    })
  })

  describe('errors', () => {
    it('fails with the first error, after the jobs that run have ended; the rest is dropped', async () => {
      const pool = poolOf(2)
      const [slow, failing, other] = [counting(), counting(), counting()]
      const call = pool.run([slow.job('until-released'), failing.job('throw'), failing.job('count')])
      const isSettled = watched(call)
      await slow.startedReaches(1)
      await pool.run([other.job('count')])
      should(isSettled()).be.false()
      slow.release()
      const error = await failureOf(call)
      should((error as Error).message).equal('a job that fails after 0')
      should(failing.started()).equal(1)
    })

    it('tells of the first of several errors', async () => {
      const pool = poolOf(1)
      const { job } = counting()
      const calls = [pool.run([job('count', 7), job('throw'), job('throw')]), pool.run([job('count')])]
      should((await failureOf(calls[0])) as Error).have.property('message', 'a job that fails after 7')
      should((await calls[1])[0].before).equal(8)
    })

    it('fails the job whose thread ends on its own, and runs the others and the next', async () => {
      const pool = poolOf(2)
      const { job, release, startedReaches } = counting()
      const other = pool.run([job('until-released')])
      await startedReaches(1)
      const error = await failureOf(pool.run([job('exit')]))
      should(error).be.instanceOf(ExpectedError)
      should((error as Error).message).equal(
        'expected a worker thread to live until its job is done, got its end with code 3',
      )
      should((await pool.run([job('count')]))[0].before).equal(2)
      release()
      should((await other)[0].before).equal(0)
    })

    it('runs a job whose thread has died once more, where jobs leave nothing half done, and then fails', async () => {
      const pool = poolOf(1, { repeats: true })
      const [once, always] = [counting(), counting()]
      const call = pool.run([once.job('exit-once'), once.job('count')])
      should((await call).map(({ before }) => before)).eql([1, 2])
      const error = await failureOf(pool.run([always.job('exit'), always.job('count')]))
      should((error as Error).message).match(/until its job is done, got its end with code 3$/)
      should(always.started()).equal(2)
      const failed = await failureOf(pool.run([always.job('throw')]))
      should((failed as Error).message).equal('a job that fails after 2')
      should((await pool.run([always.job('count')]))[0].before).equal(3)
    })

    it('fails when no thread can start', async () => {
      const pool = poolOf(1, { filename: resolve(__dirname, 'nowhere.ts') })
      const { job, started } = counting()
      for (const _ of [1, 2]) {
        const error = await failureOf(pool.run([job('count'), job('count')]))
        should((error as Error).message).match(/Cannot find module .*nowhere\.ts/)
      }
      should(started()).equal(0)
    })
  })

  describe('an abort', () => {
    it('kills what runs, drops what waits, and settles when nobody writes any more', async () => {
      const pool = poolOf(2)
      const { job, started, turns, startedReaches } = counting()
      const controller = new AbortController()
      const call = pool.run([job('for-ever'), job('for-ever'), job('count', 100)], controller.signal)
      await startedReaches(2)
      controller.abort(new Error('the node is closed'))
      should((await failureOf(call)) as Error).have.property('message', 'the node is closed')
      const then = turns()
      await wait(20)
      should(turns()).equal(then)
      should(started()).equal(2)
      should((await pool.run([job('count')]))[0].before).equal(2)
    })

    it('waits for what cannot be interrupted', async () => {
      const pool = poolOf(1)
      const { job, lastByte, startedReaches } = counting(512)
      const controller = new AbortController()
      const call = pool.run([job('fill')], controller.signal)
      await startedReaches(1)
      controller.abort()
      await failureOf(call)
      const then = lastByte()
      await wait(500)
      should(lastByte()).equal(then)
    })

    it('leaves other calls alone', async () => {
      const pool = poolOf(2)
      const [mine, other] = [counting(), counting()]
      const controller = new AbortController()
      const calls = [
        pool.run([other.job('until-released'), other.job('count')]),
        pool.run([mine.job('for-ever')], controller.signal),
        pool.run([other.job('count')]),
      ]
      await other.startedReaches(1)
      controller.abort()
      should(await failureOf(calls[1])).have.property('name', 'AbortError')
      other.release()
      should((await calls[0]).length).equal(2)
      should((await calls[2]).length).equal(1)
    })

    it('before the start runs nothing', async () => {
      const pool = poolOf(1)
      const { job, started } = counting()
      should(await failureOf(pool.run([job('count')], AbortSignal.abort()))).have.property(
        'name',
        'AbortError',
      )
      const controller = new AbortController()
      const call = pool.run([job('count')], controller.signal)
      controller.abort()
      await failureOf(call)
      should(started()).equal(0)
      should((await pool.run([job('count')]))[0].before).equal(0)
    })

    it('while a thread starts leaves it to the next job', async () => {
      const pool = poolOf(2)
      const { job, release, started, startedReaches } = counting()
      const first = pool.run([job('until-released')])
      await startedReaches(1)
      const controller = new AbortController()
      const call = pool.run([job('count')], controller.signal)
      await new Promise(setImmediate)
      controller.abort()
      should(await failureOf(call)).have.property('name', 'AbortError')
      should((await pool.run([job('count')]))[0].before).equal(1)
      release()
      await first
      should(started()).equal(2)
    })

    it('is no longer listened to after the end of a call', async () => {
      const pool = poolOf(1)
      const { job } = counting()
      const { signal } = new AbortController()
      await pool.run([job('count'), job('count')], signal)
      await failureOf(pool.run([job('throw'), job('count')], signal))
      should(getEventListeners(signal, 'abort').length).equal(0)
    })
  })

  describe('close', () => {
    it('ends what runs and what waits; a later job starts anew', async () => {
      const pool = poolOf(2)
      const { job, started, turns, startedReaches } = counting()
      const calls = [
        pool.run([job('for-ever'), job('for-ever'), job('count', 100)]),
        pool.run([job('count', 100)]),
      ]
      const failures = Promise.all(calls.map(failureOf))
      await startedReaches(2)
      await pool.close()
      const then = turns()
      await wait(20)
      should(turns()).equal(then)
      for (const error of await failures)
        should(error).have.property(
          'message',
          'expected the worker pool to stay open until its jobs are done, got its end',
        )
      should(started()).equal(2)
      should((await pool.run([job('count')]))[0].before).equal(2)
    })

    it('may come while a thread starts', async () => {
      const pool = poolOf(2)
      const { job, started, startedReaches } = counting()
      const first = failureOf(pool.run([job('for-ever')]))
      await startedReaches(1)
      const second = failureOf(pool.run([job('count')]))
      await new Promise(setImmediate)
      await pool.close()
      for (const error of await Promise.all([first, second])) should(error).be.instanceOf(ExpectedError)
      should(started()).equal(1)
    })

    it('may come before the first job, before a thread starts, and twice', async () => {
      const pool = poolOf(1)
      await pool.close()
      const { job, started } = counting()
      const failure = failureOf(pool.run([job('count')]))
      await Promise.all([pool.close(), pool.close()])
      should(await failure).be.instanceOf(ExpectedError)
      should(started()).equal(0)
    })
  })

  it('ends a thread that has been idle for the given time', async () => {
    const pool = poolOf(1, { idleTimeout: 1 })
    const { job } = counting()
    const threads = new Set<number>()
    while (threads.size < 2) {
      threads.add((await pool.run([job('count')]))[0].thread)
      await wait(5)
    }
  })

  it('keeps a thread for the next job until then', async () => {
    const pool = poolOf(4)
    const { job } = counting()
    const threads = new Set<number>()
    for (let again = 0; again < 10; again++) {
      threads.add((await pool.run([job('count')]))[0].thread)
      await wait(2)
    }
    should(threads.size).equal(1)
  })

  describe('without threads', () => {
    it('runs the jobs here, one after the other, and lets the event loop turn in between', async () => {
      const pool = poolOf(0)
      const { job, started } = counting()
      const seen: number[] = []
      const call = pool.run([job('count', 1), job('count', 2), job('count', 4)])
      const isSettled = watched(call)
      while (!isSettled()) {
        seen.push(started())
        await new Promise(setImmediate)
      }
      should(seen).eql([0, 1, 3])
      should(await call).eql([0, 1, 3].map((before) => ({ thread: threadId, before })))
      should(pool.hasRoom()).be.false()
    })

    it('stops at the first error, and at an abort', async () => {
      const pool = poolOf(0)
      const { job, started } = counting()
      const error = await failureOf(pool.run([job('count'), job('throw'), job('count')]))
      should(error).have.property('message', 'a job that fails after 1')
      should(started()).equal(2)
      const controller = new AbortController()
      const call = pool.run([job('count'), job('count')], controller.signal)
      while (started() < 3) await new Promise(setImmediate)
      controller.abort()
      should(await failureOf(call)).have.property('name', 'AbortError')
      should(started()).equal(3)
    })
  })
})
