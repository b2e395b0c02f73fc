/** What rnn-cell's second output says when a batch has been learned from: the next one is asked for. */
import type { RnnMessage } from '../common/message'
import { isRunOf } from './runs'

export function isAnswer({ cell, payload }: RnnMessage): boolean {
  const isOfCell = typeof cell === 'object' && cell !== null && !('parameters' in cell)
  return isOfCell && typeof payload === 'object' && payload !== null && 'skipped' in payload
}

/** Where sources share a cell each hears all of its answers; it goes on after its own. */
export const isAnswerToAnother = (source: string, msg: RnnMessage): boolean =>
  typeof msg.sequence?.run === 'string' && !isRunOf(source, msg.sequence.run) && isAnswer(msg)
