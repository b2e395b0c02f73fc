/** A cell and unroll behind it: a network that answers. The same cell in the library, to compare with. */
import { type Cell, type CellOptions, predictions, rnnCell, type UnrollOptions, unroll } from '../../src'
import { type FlowNode, type Message, sink, withFlow } from './flow'

/** D = 1, H = 4, O = 1 in float64, if the settings do not say otherwise; answers arrive at `out`. */
export const network = (unrolling: object = {}, cell: object = {}): FlowNode[] => [
  {
    id: 'cell',
    type: 'rnn-cell',
    inputSize: '1',
    hiddenSize: '4',
    outputSize: '1',
    precision: 'float64',
    wires: [['unroll'], [], []],
    ...cell,
  },
  { id: 'unroll', type: 'unroll', wires: [['out']], ...unrolling },
  sink('out'),
]

export const sameCell = (options: Partial<CellOptions> = {}): Cell =>
  rnnCell({ inputSize: 1, hiddenSize: 4, outputSize: 1, precision: 'float64', ...options })

export const predicted = (cell: Cell, inputs: unknown, options: UnrollOptions): unknown =>
  predictions(unroll(cell, inputs, options))

/** What comes out at the end for each message, sent one after another. */
export async function answers(nodes: FlowNode[], messages: readonly object[]): Promise<Message[]> {
  const seen: Message[] = []
  await withFlow(nodes, async (flow) => {
    for (const message of messages) {
      flow.send('cell', message)
      seen.push(await flow.next('out'))
    }
  })
  return seen
}

export const payloads = async (nodes: FlowNode[], messages: readonly object[]): Promise<unknown[]> =>
  (await answers(nodes, messages)).map(({ payload }) => payload)

/** One number a step. */
export const signal = [0.5, -1, 2, 0.25, -0.75, 1.5]

/** Cells whose states differ in kind: as options of the library, and as fields of the dialog. */
export const cells: readonly [Partial<CellOptions>, object][] = [
  [{ type: 'rnn' }, {}],
  [{ type: 'gru' }, { cellType: 'gru' }],
  [
    { type: 'lstm', peepholes: true },
    { cellType: 'lstm', peepholes: true },
  ],
  [
    { type: 'lstm', layers: 2 },
    { cellType: 'lstm', layers: '2' },
  ],
]
