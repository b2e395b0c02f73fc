/** Which files are read: the one that the dialog of sequence-source names, or has named by a message; no other, whatever comes. */
import promises from 'node:fs/promises'
import { resolve } from 'node:path'
import should from 'should'
import { root } from '../../scripts/assets'
import { loop, sink, withFlow } from '../support/flow'

const own = resolve(root, 'examples/data/daily-min-temperatures.csv')
const other = resolve(root, 'package.json')

/** A message that names another file in every property that any node reads, and in those that other nodes read. */
const naming = {
  topic: other,
  payload: other,
  file: other,
  filename: other,
  path: other,
  url: `file://${other}`,
  parameters: other,
  cell: { id: 'cell', parameters: other, file: other },
  target: other,
  initialState: other,
  sequence: { file: other, run: other, task: other },
}

describe('files', () => {
  const { open } = promises
  let read: unknown[] = []
  beforeEach(() => {
    read = []
    promises.open = ((name: string, ...options: []) => {
      read.push(name)
      return open(name, ...options)
    }) as typeof open
  })
  afterEach(() => {
    promises.open = open
  })

  const source = { task: 'dataset', from: 'file', file: own, fileType: 'str', columns: 'Temp', budget: '1' }
  const nodes = ['source', 'cell', 'unroll', 'bptt', 'clip', 'optimizer']

  for (const extra of [{}, { reset: true }, { export: other }, { restore: other }, { control: other }])
    it(`are not named by a message to any node: ${Object.keys(extra)}`, async () => {
      await withFlow(loop({ source }), async ({ send, settled, taken, next, completions }) => {
        for (const node of nodes) {
          send(node, { ...naming, ...extra })
          // a file takes its time
          while (completions(node).length === 0) await settled()
          await settled()
        }
        taken('errors')
        send('source', { reset: true })
        await next('updated')
        should([...new Set(read)]).eql([own])
      })
    })

  it('are named by a message where the dialog says so, and by that property alone', async () => {
    const named = { ...source, file: 'data.name', fileType: 'msg' }
    await withFlow(
      [{ id: 'source', type: 'sequence-source', ...named, wires: [['out']] }, sink('out')],
      async (flow) => {
        flow.send('source', { ...naming, data: { name: own } })
        await flow.next('out')
        should(read).eql([own])
      },
    )
  })
})
