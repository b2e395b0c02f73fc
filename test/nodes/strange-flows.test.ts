/** Wirings that are not one loop of six: what comes of each is defined. README, "Other wirings". */
import should from 'should'
import { lineage } from '../../nodes/rnn-cell/lineage'
import { type FlowNode, loop, type Message, type Running, sink, withFlow } from '../support/flow'

const settings = { source: { budget: '20' } }
/** The loop with nodes beside it, and some of its nodes wired otherwise. */
const wired = (otherwise: Readonly<Record<string, object>>, ...more: FlowNode[]): FlowNode[] => [
  ...loop(settings).map((node) => ({ ...node, ...otherwise[node.id] })),
  ...more,
]
const loopNode = (id: string): FlowNode => loop(settings).find((node) => node.id === id) as FlowNode

const versionOf = ({ cell }: Message): number => cell?.version as number
const stepsOf = (updates: readonly Message[], source: string): number[] =>
  updates
    .filter(({ sequence }) => sequence?.run?.startsWith(`${source}.`))
    .map(({ sequence }) => sequence?.step as number)
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const quiet = (flow: Running) => {
  should(flow.taken('errors')).eql([])
  should(flow.warnings('cell')).eql([])
}

describe('two sources on one rnn-cell', () => {
  const both = (back: string[]) =>
    wired(
      { cell: { wires: [['unroll'], back, ['model']] } },
      { ...loopNode('source'), id: 'other', seed: '2' },
    )

  it('take turns, and every batch of both is learned from', () =>
    withFlow(both(['source', 'other', 'updated']), async (flow) => {
      flow.send('source', {})
      flow.send('other', {})
      await flow.next('done')
      await flow.next('done')
      await flow.settled()
      const updated = flow.taken('updated')
      should(stepsOf(updated, 'source')).eql(upTo(20))
      should(stepsOf(updated, 'other')).eql(upTo(20))
      should(updated.map(versionOf)).eql(upTo(40).map((step) => step + 1))
      should(updated.some(({ payload }) => (payload as { skipped: boolean }).skipped)).be.false()
      quiet(flow)
    }))

  it('one whose answers do not come back sends the batch it was asked for, and no more', () =>
    withFlow(both(['source', 'updated']), async (flow) => {
      flow.send('source', {})
      flow.send('other', {})
      await flow.next('done')
      await flow.settled()
      const updated = flow.taken('updated')
      should(stepsOf(updated, 'source')).eql(upTo(20))
      should(stepsOf(updated, 'other')).eql([1])
      quiet(flow)
    }))

  it('one that has ended starts another by its second output', () => {
    const nodes = wired(
      {
        cell: { wires: [['unroll'], ['source', 'other', 'updated'], ['model']] },
        source: { wires: [['cell'], ['other']] },
      },
      { ...loopNode('source'), id: 'other', seed: '2' },
    )
    return withFlow(nodes, async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      await flow.settled()
      const updated = flow.taken('updated')
      should(stepsOf(updated, 'source')).eql(upTo(20))
      should(stepsOf(updated, 'other')).eql(upTo(20))
      quiet(flow)
    })
  })

  it('an end that rnn-cell asks of one is not the end of the other', () =>
    withFlow(both(['updated']), async (flow) => {
      flow.send('source', {})
      const answer = await flow.next('updated')
      flow.send('other', {})
      await flow.next('updated')
      flow.send('other', { ...answer, control: 'stop' })
      await flow.settled()
      should(flow.taken('done')).eql([])
      flow.send('source', { ...answer, control: 'stop' })
      should((await flow.next('done')).payload).containEql({ stopped: true })
    }))
})

describe('one source for two cells', () => {
  it('sends each batch once, though both answer', () => {
    const second = (['unroll', 'bptt', 'clip', 'optimizer'] as const).map((id, place, all) => ({
      ...loopNode(id),
      id: `${id}2`,
      wires: [[place < 3 ? `${all[place + 1]}2` : 'cell2'], []],
    }))
    const nodes = wired(
      { source: { wires: [['cell', 'cell2'], ['done']] } },
      { ...loopNode('cell'), id: 'cell2', wires: [['unroll2'], ['source', 'updated2'], []] },
      ...second,
      sink('updated2'),
    )
    return withFlow(nodes, async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      await flow.settled()
      for (const id of ['updated', 'updated2']) should(stepsOf(flow.taken(id), 'source')).eql(upTo(20))
      should(flow.taken('done')).eql([])
      quiet(flow)
      should(flow.warnings('cell2')).eql([])
    })
  })
})

describe('two chains behind one rnn-cell', () => {
  it('of two updates of one batch the first is added, the second dropped with one warning', () => {
    const nodes = wired(
      { bptt: { wires: [['clip', 'optimizer2', 'gradients'], ['alerts']] } },
      { ...loopNode('optimizer'), id: 'optimizer2', rule: 'sgd', wires: [['cell']] },
    )
    return withFlow(nodes, async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      await flow.settled()
      const updated = flow.taken('updated')
      should(stepsOf(updated, 'source')).eql(upTo(20))
      should(updated.map(versionOf)).eql(upTo(20).map((step) => step + 1))
      should(flow.warnings('cell')).have.length(1)
      should(flow.warnings('cell')[0]).containEql('rnn-cell.message.stale')
      should(flow.taken('errors')).eql([])
    })
  })
})

describe('messages that come twice, or in another order', () => {
  it('an update is added once', () =>
    withFlow(wired({ optimizer: { wires: [['updates']] } }), async (flow) => {
      flow.send('source', {})
      const update = await flow.next('updates')
      for (let twice = 0; twice < 2; twice++) flow.send('cell', update)
      await flow.settled()
      should(flow.taken('updated').map(versionOf)).eql([2])
      should(flow.warnings('cell')).have.length(1)
    }))

  it('a batch that comes twice is learned from once', () =>
    withFlow(wired({ source: { wires: [['cell', 'cell'], ['done']] } }), async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      await flow.settled()
      const updated = flow.taken('updated')
      should(updated.at(-1)?.cell?.version).equal(21)
      should(new Set(stepsOf(updated, 'source'))).eql(new Set(upTo(20)))
    }))

  it('an answer that comes twice brings one batch', () =>
    withFlow(wired({ cell: { wires: [['unroll'], ['source', 'source', 'updated'], []] } }), async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      await flow.settled()
      should(stepsOf(flow.taken('updated'), 'source')).eql(upTo(20))
      quiet(flow)
    }))

  it('a second start in the middle costs a batch at most, and the loop goes on', () =>
    withFlow(loop(settings), async (flow) => {
      flow.send('source', {})
      await flow.next('updated')
      flow.send('source', {})
      const done = await flow.next('done')
      should(done.payload).containEql({ step: 20 })
      await flow.settled()
      should(flow.taken('updated').at(-1)?.cell?.version).be.within(20, 21)
      should(flow.taken('errors')).eql([])
    }))

  it('updates of earlier batches are refused once a later one was added', () =>
    withFlow(wired({ optimizer: { wires: [['updates']] } }), async (flow) => {
      flow.send('source', {})
      const first = await flow.next('updates')
      flow.send('cell', first)
      await flow.next('updated')
      const second = await flow.next('updates')
      flow.send('cell', second)
      flow.send('cell', first)
      await flow.settled()
      should(flow.taken('updated').map(versionOf)).eql([3])
      should(flow.warnings('cell')).have.length(1)
    }))
})

describe('an update that comes back to another rnn-cell', () => {
  for (const [what, hiddenSize] of [
    ['of the same shape', '6'],
    ['of another shape', '4'],
  ])
    it(`${what} is refused by its id, and changes nothing`, () =>
      withFlow(
        wired(
          { optimizer: { wires: [['wrong']] } },
          { ...loopNode('cell'), id: 'wrong', hiddenSize, wires: [['updates'], [], []] },
        ),
        async (flow) => {
          const sequence = { payload: [[1, 2]], target: [1] }
          flow.send('wrong', sequence)
          const before = await flow.next('updates')
          flow.send('source', {})
          should((await flow.next('errors')).error?.message).equal(
            'rnn-cell: expected an update for this rnn-cell (wrong), got one for cell: check the return wire',
          )
          flow.send('wrong', sequence)
          should((await flow.next('updates')).cell).eql(before.cell)
        },
      ))

  it('without an id is refused by its shape', () =>
    withFlow(
      wired({ optimizer: { wires: [['updates']] } }, { ...loopNode('cell'), id: 'wrong', hiddenSize: '4' }),
      async (flow) => {
        flow.send('wrong', { payload: [[1, 2]], target: [1] })
        await flow.next('gradients')
        flow.send('source', {})
        await flow.next('updates')
        const { cell: _, ...update } = await flow.next('updates')
        flow.send('wrong', update)
        should((await flow.next('errors')).error?.message).match(
          /^rnn-cell: expected an update of W of shape \[4, 4\]/,
        )
      },
    ))
})

describe('a clock that is set back', () => {
  it('changes nothing but the times of readings as they arrive: batches, rates and statuses go by another', () => {
    const { now } = Date
    let time = 1_800_000_000_000
    Date.now = () => {
      time -= 60_000
      return time
    }
    const source = { task: 'stream', length: '2', batch: '1', rate: '1000', targetsPer: 'sequence' }
    return withFlow(loop({ source }), async (flow) => {
      flow.send('source', {})
      for (let reading = 0; reading < 30; reading++) flow.send('source', { payload: Math.sin(reading) })
      const steps = []
      while (steps.length < 10) steps.push((await flow.next('updated')).sequence?.step)
      should(steps).eql(upTo(10))
      should(flow.taken('predictions').filter(({ sequence }) => sequence?.stream)).have.length(30)
      should(flow.taken('errors')).eql([])
    }).finally(() => {
      Date.now = now
    })
  })
})

describe('lineage', () => {
  it('lets an update pass that only other loops have overtaken', () => {
    const updates = lineage(5)
    should(updates.fits(5, 5, 'a')).be.true()
    updates.added(6, 'a')
    should(updates.fits(5, 6, 'b')).be.true()
    should(updates.fits(5, 6, 'a')).be.false()
    should(updates.fits(5, 6, undefined)).be.false()
    should(updates.fits(4, 6, 'b')).be.false()
    should(updates.fits(7, 6, 'b')).be.false()
  })

  it('lets none pass that was made for weights that were replaced', () => {
    const updates = lineage(1)
    updates.added(2, 'a')
    updates.replaced(3)
    should(updates.fits(2, 3, 'b')).be.false()
    should(updates.fits(3, 3, 'b')).be.true()
    updates.added(4, undefined)
    should(updates.fits(3, 4, 'b')).be.false()
  })
})
