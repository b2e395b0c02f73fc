/** optimizer: gradients that wait for an update, and what outlives a deploy. */
import should from 'should'
import { type OptimizerRule, optimizerRules } from '../../src'
import { loop, type Message, withFlow } from '../support/flow'
import {
  deltasByLibrary,
  deltasOf,
  gradientMessages,
  optimizerNode,
  passing,
  ratesOf,
  smallCell,
} from '../support/optimizer-flow'

describe('optimizer: accumulate', () => {
  const readings = Array.from({ length: 60 }, (_, index) => 20 + 5 * Math.sin(index / 3))
  /** The weights after training on the first 64 windows. */
  const trained = async (batch: string, budget: string, accumulate: string) => {
    let updated: Message[] = []
    let model: Message = {}
    const nodes = loop({
      source: { task: 'dataset', from: 'payload', length: '5', batch, budget, shuffle: false },
      cell: { precision: 'float64' },
      clip: { rule: 'none' },
      optimizer: { accumulate, learningRate: '0.1' },
    })
    await withFlow(nodes, async (flow) => {
      flow.send('source', { payload: readings })
      await flow.next('done')
      await flow.settled()
      updated = flow.taken('updated')
      flow.send('cell', { export: 'json' })
      model = await flow.next('model')
      should(flow.taken('errors')).eql([])
    })
    const weights = JSON.stringify(JSON.parse(String(model.payload))).match(/-?\d+\.\d+(e-?\d+)?/g) ?? []
    return { updated, weights: weights.map(Number) }
  }

  it('makes of 4 batches of 8 one step of a batch of 32, rnn-cell pulling the next batch meanwhile', async () => {
    const whole = await trained('32', '1', '')
    const parts = await trained('8', '4', '4')
    should(parts.updated.map(({ payload }) => payload)).containDeep([
      { step: 0, skipped: false },
      { step: 0, skipped: false },
      { step: 0, skipped: false },
      { step: 1, skipped: false },
    ])
    should(new Set(parts.updated.map(({ cell }) => cell?.version)).size).equal(2)
    should(whole.weights.length).be.above(50)
    should(parts.weights).have.length(whole.weights.length)
    parts.weights.forEach((weight, index) => {
      should(weight).be.approximately(whole.weights[index], 1e-12)
    })
    const other = await trained('8', '4', '2')
    should(other.weights).not.eql(parts.weights)
  })

  it('says how many gradients wait, in the message and under the node', () =>
    withFlow(optimizerNode({ accumulate: '3' }), async (flow) => {
      const updates = await passing(flow, gradientMessages(4))
      should(updates.map(({ update }) => [update?.step, update?.accumulated, update?.skipped])).eql([
        [0, 1, false],
        [0, 2, false],
        [1, undefined, false],
        [1, 1, false],
      ])
      should(updates.map((msg) => deltasOf(msg).length > 0)).eql([false, false, true, false])
      should(flow.statuses('optimizer')[0].text).equal('optimizer.status.gathered')
    }))
})

/** Both nodes under another name, so that a deploy of what has changed starts them again. */
const renamed = (config: object) => optimizerNode(config).map((node) => ({ ...node, name: 'renamed' }))

describe('optimizer: what it keeps', () => {
  /** The first messages, a deploy of this node, and what the others then bring. */
  const afterDeploy = async (before: object, first: Message[], rest: Message[], after: object = before) => {
    let seen: Message[] = []
    await withFlow(optimizerNode(before), async (flow) => {
      for (const msg of first) {
        flow.send('optimizer', msg)
        await flow.settled()
      }
      flow.taken('out')
      await flow.deploy(renamed(after), 'nodes')
      seen = await passing(flow, rest)
    })
    return seen
  }

  /** With these a rule has all the moments it can have. */
  const settings: Partial<Record<OptimizerRule, { momentum?: number; centered?: true; amsgrad?: true }>> = {
    sgd: { momentum: 0.9 },
    rmsprop: { momentum: 0.9, centered: true },
    adam: { amsgrad: true },
  }
  for (const rule of optimizerRules) {
    it(`the moments of ${rule}`, async () => {
      const config = { rule, ...settings[rule] }
      const messages = gradientMessages(4)
      const updates = await afterDeploy(config, messages.slice(0, 2), messages.slice(2))
      should(updates.map(({ update }) => update?.step)).eql([3, 4])
      should(updates.map(deltasOf)).eql(deltasByLibrary({ rule, ...settings[rule] }, 4).slice(2))
    })
  }

  it('the gradients that wait, in the precision they have, also before the first update', async () => {
    for (const precision of ['float32', 'float64'] as const) {
      const cell = smallCell(precision)
      const messages = gradientMessages(8, cell)
      const wanted = deltasByLibrary({ accumulate: 4 }, 8, cell)
      const [first, second] = [
        await afterDeploy({ accumulate: '4' }, messages.slice(0, 3), messages.slice(3, 4)),
        await afterDeploy({ accumulate: '4' }, messages.slice(0, 6), messages.slice(6)),
      ]
      should(first.map(deltasOf)).eql([wanted[3]])
      should(second.map(deltasOf)).eql([[], wanted[7]])
      should(second.map(({ update }) => update?.step)).eql([1, 2])
    }
  })

  const plateau = {
    rule: 'sgd',
    learningRate: '0.8',
    schedule: 'reduce-on-plateau',
    scheduleFactor: '0.5',
    schedulePatience: '1',
  }
  const validation = (loss: number): Message => ({ loss, sequence: { phase: 'validate' } })

  it('the schedule: its factor, and the validation losses it has counted', async () => {
    const [gradient] = gradientMessages(1)
    const reduced = await afterDeploy(plateau, [1, 1, 1].map(validation), [gradient])
    should(ratesOf(reduced)).eql([0.4])
    let rates: unknown[] = []
    await withFlow(optimizerNode(plateau), async (flow) => {
      await passing(flow, [gradient])
      for (const msg of [1, 1].map(validation)) flow.send('optimizer', msg)
      await flow.settled()
      await flow.deploy(renamed(plateau), 'nodes')
      flow.send('optimizer', validation(1))
      rates = ratesOf(await passing(flow, [gradient]))
    })
    should(rates).eql([0.4])
  })

  it('the number of updates, which a schedule goes by', async () => {
    const config = { learningRate: '0.8', schedule: 'exponential', scheduleGamma: '0.5' }
    const messages = gradientMessages(3)
    should(ratesOf(await afterDeploy(config, messages.slice(0, 2), messages.slice(2)))).eql([0.2])
  })

  it('nothing for another rule', async () => {
    const messages = gradientMessages(3)
    const [third] = await afterDeploy({ rule: 'adam' }, messages.slice(0, 2), messages.slice(2), {
      rule: 'adagrad',
    })
    should(third.update?.step).equal(1)
  })

  it('nothing after a reset', async () => {
    const messages = [...gradientMessages(3), validation(1), validation(1), validation(1)]
    const config = { ...plateau, accumulate: '2' }
    const [first, second] = await afterDeploy(config, [...messages, { reset: true }], gradientMessages(2))
    should([first, second].map(({ update }) => [update?.step, update?.accumulated])).eql([
      [0, 1],
      [1, undefined],
    ])
    should(ratesOf([first, second])).eql([0.8, 0.8])
  })

  it('in the store that the dialog names', async () => {
    for (const [store, other] of [
      ['other', 'default'],
      ['', 'other'],
    ])
      await withFlow(optimizerNode({ store }), async (flow) => {
        const messages = gradientMessages(2)
        await passing(flow, messages)
        await flow.deploy(renamed({ store }), 'nodes')
        should(flow.keptIn('optimizer', store || 'default')).eql(['optimizer:optimizer'])
        should(flow.keptIn('optimizer', other)).eql([])
        should((await passing(flow, messages))[0].update?.step).equal(3)
      })
  })
})
