/** The loop as a whole: what travels, what each node adds, how it starts again and ends. */
import should from 'should'
import type { MessageCell, MessageTensor } from '../../nodes/common/message'
import { loop, type Message, withFlow } from '../support/flow'

const losses = (messages: Message[]) => messages.map(({ loss }) => loss)

describe('the loop', () => {
  it('trains until the budget is spent, then says done', () =>
    withFlow(loop(), async (flow) => {
      flow.send('source', { payload: 'go' })
      const done = await flow.next('done')
      should(done.payload).eql({ task: 'adding', epoch: 1, step: 5 })
      await flow.settled()
      should(flow.taken('updates').map(({ update }) => update?.step)).eql([1, 2, 3, 4, 5])
      should(flow.taken('errors')).eql([])
    }))

  it('gives the same losses for the same seed, bit for bit, and others for another', async () => {
    const run = async (seed: string) => {
      let seen: (number | undefined)[] = []
      await withFlow(loop({ source: { seed, budget: '20' }, cell: { seed } }), async (flow) => {
        flow.send('source', {})
        await flow.next('done')
        seen = losses(flow.taken('gradients'))
      })
      return seen
    }
    const first = await run('3')
    should(first).have.length(20)
    should(await run('3')).eql(first)
    should(await run('4')).not.eql(first)
  })

  it('takes one reset at the source to start everything again, the old loop being dropped', () =>
    withFlow(loop({ source: { budget: '' } }), async (flow) => {
      flow.send('source', {})
      for (let step = 0; step < 8; step++) await flow.next('updates')
      flow.send('source', { reset: true })
      const seen: Message[] = []
      while (seen.filter(({ update }) => update?.step === 1).length < 1) seen.push(await flow.next('updates'))
      for (let step = 0; step < 30; step++) seen.push(await flow.next('updates'))
      const restarted = seen.findIndex(({ update }) => update?.step === 1)
      const steps = seen.slice(restarted).map(({ update, sequence }) => [update?.step, sequence?.step])
      should(steps).eql(Array.from({ length: steps.length }, (_, index) => [index + 1, index + 1]))
      should(seen.every(({ reset }) => reset === undefined)).be.true()
    }))

  it('repeats the very same losses after a reset', () =>
    withFlow(loop({ source: { budget: '6' } }), async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      const first = losses(flow.taken('gradients'))
      flow.send('source', { reset: true })
      await flow.next('done')
      should(losses(flow.taken('gradients'))).eql(first)
    }))

  it('is one loop again after two starts: an update made for older parameters is dropped', () =>
    withFlow(loop({ source: { budget: '40' } }), async (flow) => {
      flow.send('source', {})
      flow.send('source', {})
      await flow.next('done')
      await flow.settled()
      const versions = flow.taken('updated').map(({ cell }) => cell?.version)
      should(versions).eql([...new Set(versions)])
      should(flow.warnings('cell')).have.length(1)
      should(flow.taken('errors')).eql([])
    }))

  it('stops validation at the loss: one message a pass, with the error in the units of the data, and no update', () => {
    const readings = Array.from({ length: 120 }, (_, index) => 20 + 5 * Math.sin(index / 4))
    const nodes = loop({
      source: {
        task: 'dataset',
        from: 'payload',
        length: '8',
        batch: '8',
        budget: '2',
        budgetUnit: 'epochs',
        validationSplit: '0.25',
      },
    })
    return withFlow(nodes, async (flow) => {
      flow.send('source', { payload: readings })
      await flow.next('done')
      await flow.settled()
      const all = flow.taken('gradients')
      const passes = all.filter(({ sequence }) => sequence?.phase === 'validate')
      should(passes.map(({ sequence }) => [sequence?.epoch, sequence?.last])).eql([
        [1, false],
        [2, true],
      ])
      for (const { validation, payload, gradient } of passes) {
        should(validation?.count).equal(30)
        should(validation?.rmse).be.above(0).and.below(20)
        should(validation?.naive).be.above(0.5).and.below(1.5)
        should(payload).eql(JSON.parse(JSON.stringify(validation)))
        should(gradient).equal(undefined)
      }
      should(flow.taken('updates')).have.length(all.length - 2)
    })
  })

  it('adds to the one message what the contract says, and payloads that JSON can carry', () =>
    withFlow(loop({ source: { batch: '1', budget: '1' } }), async (flow) => {
      flow.send('source', { topic: 'kept', mine: 7 })
      const [prediction, gradient, clipped, update] = [
        await flow.next('predictions'),
        await flow.next('gradients'),
        await flow.next('clipped'),
        await flow.next('updates'),
      ]
      should(prediction.payload).be.an.Array().of.length(1)
      should(prediction.target).be.an.Array().of.length(1)
      should(prediction.sequence).containEql({
        task: 'adding',
        phase: 'train',
        epoch: 1,
        step: 1,
        batch: 1,
        length: 10,
      })
      should(Object.keys((prediction.cell as MessageCell).parameters)).eql(['W', 'U', 'b', 'V', 'c'])
      should(prediction.unrolled?.hidden.shape).eql([11, 1, 6])
      should((prediction.state as MessageTensor).shape).eql([1, 6])
      should(gradient.payload).have.keys('loss', 'norm', 'state', 'terms')
      should(gradient.gradient?.terms.W).have.length(10)
      should(gradient.explosion?.state).equal('ok')
      should(clipped.payload).have.keys('normBefore', 'normAfter', 'coefficient', 'clipped')
      should(update.payload).have.keys('step', 'loss', 'learningRate', 'norm')
      should(update.update?.parameters.W).containEql({ shape: [6, 6], dtype: 'float32' })
      should(Buffer.isBuffer(update.update?.parameters.W.data)).be.true()
      should(update.unrolled).equal(undefined)
      should(update.gradient).equal(undefined)
      for (const msg of [prediction, gradient, clipped, update]) {
        should(msg).containEql({ topic: 'kept', mine: 7 })
        should(JSON.parse(JSON.stringify(msg.payload))).eql(msg.payload)
      }
    }))

  it('says done exactly once for every message at every node', () =>
    withFlow(loop({ source: { budget: '10' } }), async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      await flow.settled()
      should(flow.completions('source')).have.length(11)
      should(flow.completions('cell')).have.length(20)
      for (const id of ['unroll', 'bptt', 'clip', 'optimizer']) should(flow.completions(id)).have.length(10)
    }))

  it('shows a status on change only, at most twice a second', () =>
    withFlow(loop({ source: { budget: '60' } }), async (flow) => {
      const begun = performance.now()
      flow.send('source', {})
      await flow.next('done')
      const seconds = (performance.now() - begun) / 1000
      for (const id of ['source', 'cell', 'unroll', 'bptt', 'clip', 'optimizer']) {
        const shown = flow.statuses(id)
        should(shown.length).be.within(1, 2 + 2 * seconds, `${id}: ${JSON.stringify(shown)}`)
        const texts = shown.map((status) => JSON.stringify(status))
        should(texts.every((text, index) => text !== texts[index - 1])).be.true(id)
      }
    }))
})

describe('the loop, disturbed', () => {
  it('learns another task when the source is given one, weights being kept over the deploy', () => {
    const task = (name: string) => loop({ source: { task: name, length: '12' } })
    return withFlow(task('adding'), async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      await flow.deploy(task('temporal-order'), 'full')
      flow.taken('updates')
      flow.send('source', {})
      await flow.next('done')
      should(flow.taken('errors')).eql([])
      should(flow.taken('updates').map(({ update }) => update?.step)).eql([1, 2, 3, 4, 5])
    })
  })

  it('says nothing of two loops when it is reset in the middle', () =>
    withFlow(loop({ source: { budget: '30' } }), async (flow) => {
      flow.send('source', {})
      for (let step = 0; step < 7; step++) await flow.next('updates')
      flow.send('source', { reset: true })
      await flow.next('done')
      should(flow.warnings('cell')).eql([])
    }))

  it('goes on when parameters are sent in', () =>
    withFlow(loop({ source: { budget: '40' } }), async (flow) => {
      flow.send('source', {})
      for (let step = 0; step < 5; step++) await flow.next('updates')
      flow.send('cell', { parameters: { c: [3] } })
      await flow.next('done')
      should(flow.taken('errors')).eql([])
    }))

  it('counts versions on after a deploy', () =>
    withFlow(loop(), async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      await flow.settled()
      const last = flow.taken('updated').at(-1)?.cell?.version as number
      await flow.deploy(loop({ cell: { name: 'again' } }), 'nodes')
      flow.send('source', {})
      await flow.next('done')
      await flow.deploy(loop({ source: { budget: '8' }, cell: { name: 'again' } }), 'nodes')
      flow.send('source', {})
      should((await flow.next('updated')).cell?.version).be.above(last)
    }))

  for (const [id, type] of [
    ['unroll', 'unroll'],
    ['bptt', 'bptt-gradient'],
    ['clip', 'clip-gradient'],
    ['optimizer', 'optimizer'],
    ['cell', 'rnn-cell'],
  ] as const) {
    it(`${type} takes a reset alone`, () =>
      withFlow(loop(), async (flow) => {
        flow.send(id, { reset: true, payload: 1234567890 })
        await flow.settled()
        should(flow.taken('errors')).eql([])
        should(flow.completions(id)).eql([undefined])
      }))
  }

  it('takes nested arrays wherever it takes tensors, and Buffers that went through JSON', () =>
    withFlow(loop({ source: { budget: '1' } }), async (flow) => {
      flow.send('source', {})
      const gradient = await flow.next('gradients')
      const expected = (await flow.next('updates')).update
      await flow.next('done')
      const throughJson = JSON.parse(JSON.stringify(gradient))
      flow.send('optimizer', { ...throughJson, reset: true })
      const again = (await flow.next('updates')).update
      should(again?.step).equal(1)
      should(again?.parameters.W.shape).eql(expected?.parameters.W.shape)
      const nested = {
        ...gradient.gradient,
        parameters: { W: rows(6, 6), U: rows(6, 2), b: rows(1, 6)[0], V: rows(1, 6), c: [0.1] },
      }
      flow.send('clip', { ...gradient, gradient: { ...nested, norm: 10 } })
      should((await flow.next('clipped')).clip?.normAfter).be.approximately(1, 1e-5)
    }))

  it('learns from targets and inputs as they are when they come without a source', () => {
    const readings = Array.from({ length: 60 }, (_, index) => 500 + index)
    return withFlow(
      loop({ source: { task: 'dataset', from: 'payload', length: '4', budget: '3' } }),
      async (flow) => {
        flow.send('source', { payload: readings })
        await flow.next('done')
        await flow.settled()
        flow.taken('gradients')
        flow.send('cell', { payload: [0.1, 0.2, 0.3, 0.4], target: [0.5] })
        should((await flow.next('gradients')).loss).be.below(10)
      },
    )
  })
})

const rows = (count: number, size: number) => Array.from({ length: count }, () => new Array(size).fill(1.5))
