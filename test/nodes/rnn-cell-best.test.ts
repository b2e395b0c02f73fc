/** rnn-cell: the best so far by validation loss, restored on demand, and training that stops when it gets no better. */
import should from 'should'
import { loop, type Message, type Running, withFlow } from '../support/flow'

const readings = Array.from({ length: 200 }, (_, index) => 20 + 5 * Math.sin(index / 4))

/** A learning rate so large that things get worse after a while. */
const nodes = (cell: object, learningRate = '0.05') =>
  loop({
    source: {
      task: 'dataset',
      from: 'payload',
      length: '8',
      batch: '16',
      validationSplit: '0.3',
      budget: '30',
      budgetUnit: 'epochs',
    },
    cell: { keepBest: true, ...cell },
    optimizer: { rule: 'sgd', learningRate },
  })

const model = async (flow: Running): Promise<string> => {
  flow.send('cell', { export: 'json' })
  return String((await flow.next('model')).payload)
}
const lossesOf = (messages: Message[]) =>
  messages.filter(({ validation }) => validation).map(({ loss }) => loss as number)

describe('rnn-cell, keeping its best', () => {
  it('msg.restore brings back the weights of the pass with the smallest loss', async () => {
    let best = ''
    await withFlow(nodes({}, '0.7'), async (flow) => {
      flow.send('source', { payload: readings })
      await flow.next('done')
      await flow.settled()
      const losses = lossesOf(flow.taken('gradients'))
      should(losses.indexOf(Math.min(...losses))).be.below(losses.length - 1)
      const last = await model(flow)
      flow.send('cell', { restore: 'best' })
      best = await model(flow)
      should(best).not.equal(last)
      // the same weights have the same loss
      flow.send('source', { control: 'resume' })
      flow.taken('gradients')
      await flow.settled()
      should(flow.taken('errors')).eql([])
    })
    should(best.length).be.above(100)
  })

  it('stops after as many passes without improvement as patience says, with the best weights', () =>
    withFlow(nodes({ patience: '3' }, '0.7'), async (flow) => {
      flow.send('source', { payload: readings })
      const done = await flow.next('done')
      should(done.payload).containEql({ stopped: true })
      await flow.settled()
      const losses = lossesOf(flow.taken('gradients'))
      const smallest = losses.indexOf(Math.min(...losses))
      should(losses.length).be.within(smallest + 4, smallest + 5)
      should(losses.length).be.below(30)
      const stopped = await model(flow)
      flow.send('cell', { restore: 'best' })
      should(await model(flow)).equal(stopped)
      should(flow.taken('errors')).eql([])
    }))

  it('counts only what is better by more than min delta', () =>
    withFlow(nodes({ patience: '2', minDelta: '1000' }, '0.01'), async (flow) => {
      flow.send('source', { payload: readings })
      should((await flow.next('done')).payload).containEql({ stopped: true })
      await flow.settled()
      should(lossesOf(flow.taken('gradients')).length).be.within(3, 4)
    }))

  it('ends training where no pass was any good, and has nothing to bring back', () =>
    withFlow(nodes({ patience: '1' }, '1e300'), async (flow) => {
      flow.send('source', { payload: readings })
      const version = async () => {
        flow.send('cell', { payload: [[1], [2]] })
        return (await flow.next('predictions')).cell?.version
      }
      await flow.next('updates')
      flow.send('cell', { validation: { loss: 1 }, sequence: { phase: 'validate' } })
      const before = await version()
      flow.send('cell', {
        payload: [[1], [2]],
        target: [[1]],
        sequence: { phase: 'validate', run: 'by hand' },
      })
      flow.send('cell', {
        validation: {},
        loss: null,
        cell: { version: before },
        sequence: { phase: 'validate', run: 'by hand' },
      })
      await flow.settled()
      should(flow.completions('cell').filter(Boolean)).eql([])
    }))

  it('stays ended for any message but a reset', () =>
    withFlow(nodes({ patience: '1', minDelta: '1000' }), async (flow) => {
      flow.send('source', { payload: readings })
      await flow.next('done')
      await flow.settled()
      flow.taken('updates')
      flow.send('source', {})
      should((await flow.next('done')).payload).containEql({ stopped: true })
      should(flow.taken('updates')).eql([])
      flow.send('source', { reset: true })
      should((await flow.next('updates')).update?.step).equal(1)
    }))

  it('keeps it over a redeploy', () =>
    withFlow(nodes({}, '0.7'), async (flow) => {
      flow.send('source', { payload: readings })
      await flow.next('done')
      await flow.settled()
      await flow.deploy(nodes({ name: 'again' }, '0.7'), 'nodes')
      flow.send('cell', { restore: 'best' })
      const after = await model(flow)
      flow.send('cell', { restore: 'best' })
      should(await model(flow)).equal(after)
      should(flow.taken('errors')).eql([])
    }))

  it('says what to do where there is no best', () =>
    withFlow(nodes({ keepBest: false }), async (flow) => {
      flow.send('source', { payload: readings })
      await flow.next('done')
      flow.send('cell', { restore: 'best' })
      should((await flow.next('errors')).error?.message).match(/a best so far: switch it on in the dialog/)
      flow.send('cell', { restore: 'worst' })
      should((await flow.next('errors')).error?.message).match(/msg.restore to be one of best/)
    }))

  for (const [field, value] of [
    ['patience', '0'],
    ['patience', '1.5'],
    ['minDelta', '-1'],
  ])
    it(`says what is wrong with ${field} ${value}`, () =>
      withFlow(nodes({ [field]: value }), async (flow) => {
        flow.send('cell', { payload: [[1], [2]] })
        should((await flow.next('errors')).error?.message).match(/patience|min delta/)
      }))
})
