/** Held-out sequences wait for one another where they take long; what asks meanwhile, or for a file, asks once. */
import promises from 'node:fs/promises'
import { resolve } from 'node:path'
import helper from 'node-red-node-test-helper'
import should from 'should'
import { enters, leaves, roomFor } from '../../nodes/common/crowd'
import { root } from '../../scripts/assets'
import { loop, sink, withFlow } from '../support/flow'
import { withWorkersVariable } from '../support/threads'

describe('a crowd', () => {
  const isThere = async (room: Promise<void>) => {
    let come = false
    void room.then(() => {
      come = true
    })
    await new Promise((turn) => setImmediate(turn))
    return come
  }

  it('has room for eight of a run, and again when one has gone', async () => {
    for (let count = 0; count < 7; count++) enters('one')
    should(await isThere(roomFor('one'))).be.true()
    enters('one')
    const [room, another] = [roomFor('one'), roomFor('one')]
    should(await isThere(room)).be.false()
    should(await isThere(roomFor('other'))).be.true()
    leaves('one')
    should(await isThere(Promise.all([room, another]).then(() => {}))).be.true()
    for (let count = 0; count < 7; count++) leaves('one')
    should(await isThere(roomFor('one'))).be.true()
  })

  it('is none of messages that belong to no run', async () => {
    for (let count = 0; count < 20; count++) enters(undefined)
    leaves(undefined)
    should(await isThere(roomFor('undefined'))).be.true()
  })
})

describe('sequence-source, what waits', () => {
  it('is a few held-out sequences where unroll takes longer than they come', () =>
    withWorkersVariable('1', () =>
      withFlow(
        loop({
          source: {
            task: 'sine',
            length: '400',
            batch: '1',
            epochSize: '100',
            validationSplit: '0.9',
            budget: '5',
          },
          cell: { cellType: 'lstm', hiddenSize: '128', precision: 'float64' },
        }),
        async (flow) => {
          const { hooks } = helper._RED
          let [arrived, most] = [0, 0]
          hooks.add('onReceive.crowd', (event: object) => {
            const { destination } = event as { destination: { id: string } }
            if (destination.id !== 'unroll') return
            arrived += 1
            most = Math.max(most, arrived - flow.completions('unroll').length)
          })
          try {
            flow.send('source', {})
            await flow.next('done')
          } finally {
            hooks.remove('onReceive.crowd')
          }
          should(arrived).be.above(85)
          should(most).be.within(2, 30)
          should(flow.taken('errors')).eql([])
        },
      ),
    ))

  it('is one message of all that ask while held-out sequences go out', () =>
    withFlow(
      [
        {
          id: 'source',
          type: 'sequence-source',
          task: 'sine',
          batch: '1',
          epochSize: '20',
          validationSplit: '0.5',
          budget: '100',
          wires: [['out'], []],
        },
        sink('out'),
      ],
      async (flow) => {
        const phases = () => flow.taken('out').map(({ sequence }) => sequence?.phase)
        for (let batch = 0; batch < 20; batch++) flow.send('source', {})
        await flow.settled()
        should(phases()).eql(Array(20).fill('train'))
        for (let index = 0; index < 30; index++) flow.send('source', { payload: index })
        await flow.settled()
        should(phases()).eql([...Array(10).fill('validate'), 'train'])
        should(flow.completions('source')).eql(Array(50).fill(undefined))
      },
    ))

  it('is one more reading of a file, for all that ask while it is read', async () => {
    const file = resolve(root, 'examples/data/daily-min-temperatures.csv')
    const { open } = promises
    let opened = 0
    promises.open = ((name: string, ...options: []) => {
      if (name === file) opened += 1
      return open(name, ...options)
    }) as typeof open
    try {
      const source = { task: 'dataset', from: 'file', file, fileType: 'str', columns: 'Temp', budget: '1' }
      await withFlow(loop({ source }), async (flow) => {
        for (let index = 0; index < 50; index++) flow.send('source', { reset: true })
        await flow.next('done')
        await flow.settled()
        should(flow.completions('source').filter(Boolean)).eql([])
      })
      should(opened).equal(2)
    } finally {
      promises.open = open
    }
  })
})
