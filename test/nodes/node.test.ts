/** What all nodes have in common, by a node of the test: one done for each message, and silence after the close. */
import type { Node, NodeAPI } from 'node-red'
import helper from 'node-red-node-test-helper'
import should from 'should'
import type { RnnMessage } from '../../nodes/common/message'
import { type Behaviour, type Send, setUp } from '../../nodes/common/node'
import { palette, type Running, sink, withFlow } from '../support/flow'

const flowOf = (name: string) => [{ id: 'probe', type: 'probe', name, wires: [['out']] }, sink('out')]

/** A flow with a node that does what the test says. */
async function withProbe(behaviour: Behaviour, check: (flow: Running) => Promise<void>): Promise<void> {
  const probe = (RED: NodeAPI) =>
    RED.nodes.registerType('probe', function (this: Node, config: never) {
      setUp(RED, this, config, () => behaviour)
    })
  palette.push(probe as (typeof palette)[number])
  try {
    await withFlow(flowOf('P'), check)
  } finally {
    palette.pop()
  }
}

/** A promise that the test settles, and the send that came with its message. */
function later() {
  const calls: { send: Send; resolve: () => void; reject: (error: unknown) => void }[] = []
  const input = (_: RnnMessage, send: Send) =>
    new Promise<void>((resolve, reject) => {
      calls.push({ send, resolve, reject })
    })
  return { input, calls }
}

describe('a node', () => {
  for (const [how, input] of [
    [
      'throws',
      () => {
        throw new Error('wrong')
      },
    ],
    ['rejects', () => Promise.reject(new Error('wrong'))],
  ] as const)
    it(`ends a message once, with its error, when it ${how}`, () =>
      withProbe({ input }, async (flow) => {
        for (const _ of [1, 2]) {
          flow.send('probe', {})
          const { error } = await flow.next('errors')
          should(error).containDeep({ message: 'probe "P": wrong' })
        }
        await flow.settled()
        should(flow.completions('probe').map(String)).eql(['probe "P": wrong', 'probe "P": wrong'])
        should(flow.taken('errors')).eql([])
      }))

  it('takes a rejection with nothing at all for an error', () =>
    withProbe({ input: () => Promise.reject(undefined) }, async (flow) => {
      flow.send('probe', {})
      should((await flow.next('errors')).error?.message).match(/undefined/)
    }))

  it('ends a message when its promise is kept, not before', async () => {
    const { input, calls } = later()
    await withProbe({ input }, async (flow) => {
      flow.send('probe', { topic: 1 })
      await flow.settled()
      should(flow.completions('probe')).eql([])
      calls[0].send({ topic: 2 })
      calls[0].resolve()
      should((await flow.next('out')).topic).equal(2)
      should(flow.completions('probe')).eql([undefined])
    })
  })

  it('is silent once closed: no message, no error, no work, one done for each message', async () => {
    const { input, calls } = later()
    let letGo = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const close = () => held
    await withProbe({ input, close }, async (flow) => {
      flow.send('probe', {})
      flow.send('probe', {})
      await flow.settled()
      const node = helper.getNode('probe')
      const deployed = flow.deploy(flowOf('Q'), 'nodes')
      await flow.settled()
      node.receive({})
      await flow.settled()
      should(calls).have.length(2)
      should(flow.completions('probe')).eql([undefined])
      calls[0].send({ topic: 'late' })
      calls[0].reject(new Error('late'))
      calls[1].send({ topic: 'late' })
      calls[1].resolve()
      await flow.settled()
      should(flow.completions('probe')).eql([undefined, undefined, undefined])
      should([flow.taken('out'), flow.taken('errors')]).eql([[], []])
      letGo()
      await deployed
    })
  })

  for (const close of [
    () => {
      throw new Error('stuck')
    },
    () => Promise.reject(new Error('stuck')),
  ])
    it('that cannot close well does not hold the deploy up', () =>
      withProbe({ input: () => {}, close }, async (flow) => {
        await flow.deploy(flowOf('Q'), 'full')
        flow.send('probe', {})
        await flow.settled()
        should(flow.completions('probe')).eql([undefined])
      }))
})
