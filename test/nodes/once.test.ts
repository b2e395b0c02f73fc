/** A batch that comes again, since its way back was cut off, changes a state no second time. */
import should from 'should'
import type { RnnMessage } from '../../nodes/common/message'
import { once } from '../../nodes/common/once'
import { loop, type Message, type Running, withFlow } from '../support/flow'

const batch = (step: number, run = 'source.1'): RnnMessage => ({ sequence: { run, step, phase: 'train' } })

describe('once', () => {
  it('starts a batch that comes again from where it started the first time', () => {
    const memory = once(0)
    memory.become(memory.before(batch(1)) + 1, batch(1))
    memory.become(memory.before(batch(2)) + 10, batch(2))
    should(memory.isAgain(batch(2))).be.true()
    memory.become(memory.before(batch(2)) + 10, batch(2))
    should(memory.state).equal(11)
    should(memory.isAgain(batch(2, 'source.2'))).be.false()
    should(memory.before(batch(3))).equal(11)
    should(memory.isAgain({ ...batch(2), reset: true })).be.false()
  })

  it('knows no again for messages that are no batch of a source', () => {
    const memory = once(0)
    memory.become(1, {})
    should(memory.isAgain({})).be.false()
    should(memory.before({})).equal(1)
  })
})

/** Weights, moments and everything: what the loop would go on from. */
const model = async (flow: Running): Promise<string> => {
  flow.send('cell', { export: 'json' })
  return String((await flow.next('model')).payload)
}

describe('a loop that is cut off anywhere and goes on', () => {
  const settings = {
    source: { budget: '30', validationSplit: '0.3', epochSize: '40' },
    clip: { rule: 'auto-clip' },
    optimizer: { schedule: 'reduce-on-plateau', scheduleFactor: '0.5', schedulePatience: '1' },
  }
  let whole = ''
  before(async () => {
    await withFlow(loop(settings), async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      await flow.settled()
      whole = await model(flow)
    })
  })

  /** A deploy of everything cuts the message that is on its way off, wherever it is. */
  for (const at of ['predictions', 'gradients', 'clipped', 'updates', 'updated'])
    it(`behind ${at}: has the same weights in the end, bit for bit`, () =>
      withFlow(loop(settings), async (flow) => {
        flow.send('source', {})
        for (let cut = 0; cut < 4; cut++) {
          for (let seen = 0; seen < 5; seen++) await flow.next(at)
          const again = loop({ ...settings, unroll: { name: `cut ${cut}` } })
          await flow.deploy(again, 'full')
          for (const tap of ['predictions', 'gradients', 'clipped', 'updates', 'updated', 'done'])
            flow.taken(tap)
          flow.send('source', {})
        }
        const done: Message = await flow.next('done')
        should(done.payload).containEql({ step: 30 })
        await flow.settled()
        should(await model(flow)).equal(whole)
        should(flow.taken('errors')).eql([])
      }))
})
