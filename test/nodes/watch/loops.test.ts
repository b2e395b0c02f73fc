/** What is noted as a loop trains, and that nothing is computed, sent or kept for an editor that is not there. */
import should from 'should'
import { keepOnly, look, publishBy, wholeLoop } from '../../../nodes/watch/loops'
import type { LoopDigest } from '../../../nodes/watch/wire'
import { loop, withFlow } from '../../support/flow'

describe('a training loop that is watched', () => {
  let sent: LoopDigest[] = []
  beforeEach(() => {
    keepOnly(() => false)
    sent = []
    publishBy((digests) => sent.push(...digests))
  })
  afterEach(() => {
    publishBy(undefined)
    keepOnly(() => false)
  })

  it('notes every step with its loss, norms and learning rate, and the latest batch', () =>
    withFlow(loop(), async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      const messages = flow.taken('updates')
      const whole = wholeLoop('cell')
      should(whole?.points.map(([step]) => step)).eql([1, 2, 3, 4, 5])
      const [, loss, norm, clipped, rate] = whole?.points.at(-1) ?? []
      should(loss).be.approximately(messages[4].loss as number, 1e-3)
      should(norm).be.approximately(messages[4].clip?.normBefore as number, 1e-3)
      should(clipped).be.approximately(messages[4].clip?.normAfter as number, 1e-3)
      should(rate).equal(0.001)
      should(whole?.progress).containEql({ step: 5, steps: 5, done: true, paused: false })
      should(whole?.through).containEql({ topology: 'many-to-one', steps: 10, batch: 4 })
      should(whole).containEql({ id: 'cell', source: 'source', bptt: 'bptt' })
    }))

  it('sends nothing while nobody looks', () =>
    withFlow(loop({ source: { budget: '50' } }), async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      should(sent).eql([])
    }))

  it('sends digests to who looks, whose points together are the curve', () =>
    withFlow(loop({ source: { budget: '40' } }), async (flow) => {
      look(['cell'])
      flow.send('source', {})
      await flow.next('done')
      while (sent.at(-1)?.progress.done !== true) await new Promise((turn) => setTimeout(turn, 20))
      should(sent.map(({ number }) => number)).eql(sent.map((_, index) => index + 1))
      const steps = sent.flatMap(({ points }) => points.map(([step]) => step))
      should(steps).eql([...new Set(steps)].sort((a, b) => a - b))
      should(steps.at(-1)).equal(40)
    }))

  it('begins anew after a reset, and goes on counting without one', () =>
    withFlow(loop(), async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      const before = wholeLoop('cell')?.begun
      flow.send('source', { reset: true })
      await flow.next('done')
      const again = wholeLoop('cell')
      should(again?.begun).equal((before ?? 0) + 1)
      should(again?.points.map(([step]) => step)).eql([1, 2, 3, 4, 5])
      await flow.deploy(loop({ source: { seed: '9' } }), 'nodes')
      flow.send('source', {})
      await flow.next('done')
      should(wholeLoop('cell')?.points.map(([step]) => step)).eql([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    }))

  it('shows validation passes at their steps, and changes of state', () =>
    withFlow(
      loop({
        source: { budget: '2', budgetUnit: 'epochs', epochSize: '8', validationSplit: '0.5' },
        bptt: { vanishingThreshold: '0.999', leaveAfter: '1' },
      }),
      async (flow) => {
        flow.send('source', {})
        await flow.next('done')
        await flow.settled()
        const whole = wholeLoop('cell')
        should(whole?.validations.length).be.above(0)
        should(whole?.figure).equal('rmse')
        const last = whole?.points.at(-1)?.[0]
        should(whole?.validations.at(-1)?.[0]).equal(last)
        should(whole?.alerts[0]).eql([1, 'vanishing'])
      },
    ))

  it('keeps nothing of a batch whose cell is not there, or is none', () =>
    withFlow(loop({ source: { budget: '1' } }), async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      const [batch] = flow.taken('predictions')
      for (const id of ['nobody', 'bptt']) {
        flow.send('bptt', { ...batch, cell: { ...batch.cell, id } })
        should(await flow.next('updates')).have.property('loss')
        should(wholeLoop(id)).be.undefined()
      }
    }))

  it('lets go of the batch with its bptt-gradient, and of the loop with its rnn-cell', () =>
    withFlow(loop(), async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      await flow.deploy(loop({ bptt: { reduction: 'sum' } }), 'nodes')
      should(wholeLoop('cell')?.through).be.undefined()
      should(wholeLoop('cell')?.points).have.length(5)
      keepOnly((id) => id !== 'cell')
      should(wholeLoop('cell')).be.undefined()
    }))
})
