/** Hidden states ⇄ message: a tensor, or of an LSTM { h, c }. */
import type { CellState } from '../../src'
import type { MessageState } from '../common/message'
import { tensorOrNested, toMessage } from '../common/tensors'

export const stateToMessage = (state: CellState): MessageState =>
  'h' in state ? { h: toMessage(state.h), c: toMessage(state.c) } : toMessage(state)

/** Tensors of the message as tensors; nested arrays as they are. */
export function stateFromMessage(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('h' in given || 'c' in given))
    return tensorOrNested(given, 'msg.initialState')
  const { h, c } = given as { h?: unknown; c?: unknown }
  return { h: tensorOrNested(h, 'msg.initialState.h'), c: tensorOrNested(c, 'msg.initialState.c') }
}
