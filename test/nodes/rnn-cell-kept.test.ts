/** rnn-cell: what it has learned outlives a redeploy, as long as it fits what the dialog says. */
import should from 'should'
import { cellFlow, inputs, parameterNames, parameterOf } from '../support/cell-flow'
import { type Message, withFlow } from '../support/flow'

/** Learned weights, as far as anybody can tell: c is 7. */
const trained = { ...inputs, parameters: { c: [7] } }

/** The first message after a redeploy with other settings, and what was warned of. */
async function redeployed(before: object, after: object): Promise<{ msg: Message; warnings: string[] }> {
  let seen: { msg: Message; warnings: string[] } = { msg: {}, warnings: [] }
  await withFlow(cellFlow(before), async (flow) => {
    flow.send('cell', trained)
    await flow.next('out')
    await flow.deploy(cellFlow(after), 'nodes')
    flow.send('cell', inputs)
    seen = { msg: await flow.next('out'), warnings: flow.warnings('cell') }
  })
  return seen
}

describe('rnn-cell, kept in flow context', () => {
  for (const [what, settings] of [
    ['a plain cell', {}],
    ['a deep LSTM', { cellType: 'lstm', layers: '2', peepholes: true }],
    ['a GRU in both directions', { cellType: 'gru', bidirectional: true }],
  ] as const) {
    it(`${what} outlives a redeploy of the node`, async () => {
      const { msg, warnings } = await redeployed(settings, { ...settings, name: 'renamed' })
      should(parameterOf(msg, 'c')).eql([7])
      should(warnings).eql([])
    })
  }

  it('a cell without readout outlives a redeploy', async () => {
    const settings = { readout: 'none', parameters: '{"b":[1,2,3]}' }
    const flowOf = (name: string) => cellFlow({ ...settings, name })
    await withFlow(flowOf('a'), async (flow) => {
      flow.send('cell', { ...inputs, parameters: { b: [7, 7, 7] } })
      await flow.next('out')
      await flow.deploy(flowOf('b'), 'nodes')
      flow.send('cell', inputs)
      const msg = await flow.next('out')
      should(parameterOf(msg, 'b')).eql([7, 7, 7])
      should(parameterNames(msg)).eql(['W', 'U', 'b'])
    })
  })

  for (const [what, settings] of [
    ['other sizes', { hiddenSize: '2' }],
    ['another seed', { seed: '5' }],
    ['another type', { cellType: 'gru' }],
    ['more layers', { layers: '2' }],
    ['another clip', { clip: '2' }],
    ['another readout', { readout: 'sigmoid' }],
  ] as const) {
    it(`${what} start anew, and say so`, async () => {
      const { msg, warnings } = await redeployed({}, settings)
      should(parameterOf(msg, 'c')).not.eql([7])
      should(warnings).have.length(1)
    })
  }

  it('is kept in the store that the dialog names', async () => {
    for (const [store, other] of [
      ['other', 'default'],
      ['', 'other'],
    ])
      await withFlow(cellFlow({ store }), async (flow) => {
        flow.send('cell', trained)
        await flow.next('out')
        await flow.deploy(cellFlow({ store, name: 'renamed' }), 'nodes')
        should(flow.keptIn('cell', store || 'default')).eql(['rnn-cell:cell'])
        should(flow.keptIn('cell', other)).eql([])
        flow.send('cell', inputs)
        should(parameterOf(await flow.next('out'), 'c')).eql([7])
      })
  })
})
