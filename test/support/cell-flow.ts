/** An rnn-cell alone, with a tap at each of its outputs, and what its messages hold. */
import type { MessageCell } from '../../nodes/common/message'
import { type FlowNode, type Message, numbersOf, sink, withFlow } from './flow'

/** D = 2, H = 3, O = 1, if the settings do not say otherwise. */
export const cellFlow = (settings: object = {}): FlowNode[] => [
  {
    id: 'cell',
    type: 'rnn-cell',
    hiddenSize: '3',
    inputSize: '2',
    outputSize: '1',
    wires: [['out'], ['updated'], ['model']],
    ...settings,
  },
  sink('out'),
  sink('updated'),
  sink('model'),
]

/** Two steps of two features. */
export const inputs = {
  payload: [
    [1, 2],
    [3, 4],
  ],
}

export const cellOf = (msg: Message): MessageCell => msg.cell as MessageCell
export const parameterOf = (msg: Message, name: string): number[] => numbersOf(cellOf(msg).parameters[name])
export const parameterNames = (msg: Message): string[] => Object.keys(cellOf(msg).parameters)

/** The message behind a cell with these settings that a first sequence was sent to. */
export async function firstMessage(settings: object): Promise<Message> {
  let first: Message = {}
  await withFlow(cellFlow(settings), async (flow) => {
    flow.send('cell', inputs)
    first = await flow.next('out')
  })
  return first
}
