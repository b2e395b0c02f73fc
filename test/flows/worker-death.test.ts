/** Worker threads that die in the middle of a batch: it is done once more, and nothing that was learned is lost. */
import { setTimeout as wait } from 'node:timers/promises'
import helper from 'node-red-node-test-helper'
import should from 'should'
import { type FlowNode, loop, type Running, withFlow } from '../support/flow'
import { type Threads, watchThreads, withWorkersVariable } from '../support/threads'

/** Each way takes some tens of milliseconds on two threads. */
const large = (budget: number): FlowNode[] =>
  loop({
    source: { task: 'sine', targetsPer: 'step', length: '200', batch: '32', budget: String(budget) },
    cell: { cellType: 'lstm', hiddenSize: '64', precision: 'float64' },
    unroll: { topology: 'many-to-many' },
  })

/** Lets a person act in the middle of what a node does with each of its messages. */
async function during<Result>(act: (id: string) => void, run: () => Promise<Result>): Promise<Result> {
  const { hooks } = helper._RED
  hooks.add('onReceive.death', (event: object) => {
    const { id } = (event as { destination: { id: string } }).destination
    if (id === 'unroll' || id === 'bptt') act(id)
  })
  try {
    return await run()
  } finally {
    hooks.remove('onReceive.death')
  }
}

const lossesOf = async (flow: Running) => {
  flow.send('source', {})
  await flow.next('done')
  await flow.settled()
  return flow.taken('gradients').map(({ loss, gradient }) => [loss, gradient?.norm, gradient?.terms])
}

describe('worker threads that die', () => {
  let threads: Threads
  beforeEach(() => {
    threads = watchThreads()
  })
  afterEach(() => threads.end())

  it('in the middle of a way forward or back, several times in a row, change no number', () =>
    withWorkersVariable('2', async () => {
      const budget = 6
      let undisturbed: unknown
      await withFlow(large(budget), async (flow) => {
        undisturbed = await lossesOf(flow)
      })
      const killed = { unroll: 0, bptt: 0 }
      let kills = 0
      await withFlow(large(budget), async (flow) => {
        const kill = async (id: string) => {
          kills += 1
          const own = kills
          // in the first batches while they start, then in their work
          await wait((own * 7) % 40)
          // what comes too late for one batch must not be the second death of the next
          if (own === kills) killed[id as 'unroll' | 'bptt'] += await threads.kill()
        }
        const disturbed = await during(
          (id) => void kill(id),
          () => lossesOf(flow),
        )
        should(flow.taken('errors')).eql([])
        should(disturbed).eql(undisturbed)
      })
      should(killed.unroll).be.above(1)
      should(killed.bptt).be.above(1)
    }))

  for (const at of ['unroll', 'bptt'])
    it(`again and again fail the batch at ${at} with an error that says so, and the next batch works`, () =>
      withWorkersVariable('1', () =>
        withFlow(large(4), async (flow) => {
          flow.send('source', {})
          const { cell: before } = await flow.next('updates')
          let isOver = false
          const failure = during(
            (id) => {
              if (id !== at || isOver) return
              void (async () => {
                while (!isOver) {
                  await threads.kill()
                  await wait(5)
                }
              })()
            },
            () => flow.next('errors'),
          )
          const { error } = await failure
          isOver = true
          should(error?.message).match(
            new RegExp(
              `${at === 'bptt' ? 'bptt-gradient' : at}: expected a worker thread to live until its job is done`,
            ),
          )
          await flow.settled()
          flow.taken('updates')
          const [last] = flow.taken('updated').slice(-1)
          flow.send('source', {})
          const { sequence, update, cell } = await flow.next('updates')
          should(update?.skipped).be.false()
          should(sequence?.step).be.above(1)
          should(cell?.version).be.aboveOrEqual(last?.cell?.version ?? before?.version ?? 0)
          should(flow.taken('errors')).eql([])
        }),
      ))
})
