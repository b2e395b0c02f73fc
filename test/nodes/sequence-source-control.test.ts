/** msg.control: a loop that is held, goes on, or takes one step. */
import should from 'should'
import { loop, type Running, withFlow } from '../support/flow'

const endless = () => loop({ source: { budget: '' } })

/** Steps that have been taken so far, once nothing moves any more. */
const steps = async (flow: Running): Promise<(number | undefined)[]> => {
  await flow.settled()
  return flow.taken('updates').map(({ sequence }) => sequence?.step)
}

describe('sequence-source, controlled', () => {
  it('pause holds the loop between two batches, resume goes on where it was', () =>
    withFlow(endless(), async (flow) => {
      flow.send('source', {})
      for (let step = 1; step <= 3; step++) await flow.next('updates')
      flow.send('source', { control: 'pause' })
      const before = await steps(flow)
      should(await steps(flow)).eql([])
      // a status waits for its turn
      while (flow.statuses('source').at(-1)?.fill !== 'grey')
        await new Promise((turn) => setTimeout(turn, 20))
      should(flow.statuses('source').at(-1)?.shape).equal('ring')
      flow.send('source', { control: 'resume' })
      const next = await flow.next('updates')
      should(next.sequence?.step).equal((before.at(-1) ?? 3) + 1)
      flow.send('source', { control: 'pause' })
      should(flow.taken('errors')).eql([])
    }))

  it('step takes one batch, and one more each time', () =>
    withFlow(endless(), async (flow) => {
      flow.send('source', { control: 'step' })
      should(await steps(flow)).eql([1])
      flow.send('source', { control: 'step' })
      should(await steps(flow)).eql([2])
      flow.send('source', { control: 'step' })
      should(await steps(flow)).eql([3])
    }))

  it('step in the middle of training holds it after one more batch', () =>
    withFlow(endless(), async (flow) => {
      flow.send('source', {})
      await flow.next('updates')
      flow.send('source', { control: 'step' })
      await flow.settled()
      flow.taken('updates')
      flow.send('source', { control: 'step' })
      should(await steps(flow)).have.length(1)
    }))

  it('an inject waits while the loop is held, and a reset starts it from the beginning', () =>
    withFlow(endless(), async (flow) => {
      flow.send('source', { control: 'pause' })
      flow.send('source', {})
      should(await steps(flow)).eql([])
      flow.send('source', { reset: true })
      should((await flow.next('updates')).sequence?.step).equal(1)
      await flow.next('updates')
      flow.send('source', { control: 'pause' })
    }))

  it('gives the same losses as a training that was never held', async () => {
    const run = async (isHeld: boolean) => {
      let losses: (number | undefined)[] = []
      await withFlow(loop({ source: { budget: '12' } }), async (flow) => {
        flow.send('source', {})
        if (isHeld)
          for (let turn = 0; turn < 5; turn++) {
            flow.send('source', { control: 'step' })
            await flow.settled()
          }
        flow.send('source', { control: 'resume' })
        await flow.next('done')
        losses = flow.taken('gradients').map(({ loss }) => loss)
      })
      return losses
    }
    should(await run(true)).eql(await run(false))
  })

  it('goes on though the batch that was awaited is lost', () =>
    withFlow(loop({ source: { budget: '', wires: [[], []] } }), async (flow) => {
      flow.send('source', { control: 'step' })
      flow.send('source', { control: 'step' })
      flow.send('source', { control: 'step' })
      await flow.settled()
      should(flow.statuses('source').map(({ text }) => text)).containEql('sequence-source.status.paused')
      should(flow.completions('source')).eql([undefined, undefined, undefined])
    }))

  it('refuses another word, and changes nothing', () =>
    withFlow(endless(), async (flow) => {
      flow.send('source', { control: 'halt' })
      const { error } = await flow.next('errors')
      should(error?.message).match(/msg.control to be one of pause, resume, step, stop, got the text "halt"/)
      flow.send('source', {})
      await flow.next('updates')
      flow.send('source', { control: 'pause' })
    }))
})
