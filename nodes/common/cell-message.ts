/** Cell ⇄ message. */
import { type Cell, oneOf, rnnCell } from '../../src'
import type { MessageCell, RnnMessage } from './message'
import { missing } from './missing'
import { allFromMessage, allToMessage } from './tensors'

export const cellToMessage = (cell: Cell, id: string, version: number): MessageCell => ({
  id,
  ...cell,
  parameters: allToMessage(cell.parameters),
  version,
})

/** @throws ExpectedError if there is no cell in the message, or it does not hold together */
export function cellFromMessage(msg: RnnMessage): Cell {
  const cell = msg.cell && 'parameters' in msg.cell ? msg.cell : missing('cell', 'rnn-cell')
  const precision = oneOf('msg.cell.precision', cell.precision, ['float32', 'float64'])
  const { id: _, version: __, scale: ___, sizes, parameters, ...form } = cell
  const read = allFromMessage(parameters, 'msg.cell.parameters', precision)
  return rnnCell({ ...form, ...sizes, precision, parameters: read })
}
