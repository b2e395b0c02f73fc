import { describe, ExpectedError } from '../../src'
import type { RnnMessage } from './message'

/** What a message lacks, and which node to wire in before this one. */
export const missing = (property: string, node: string): never => {
  throw new ExpectedError(`msg.${property}: wire ${node} in before this node`, 'a message without')
}

/** A message that went through JSON has null for a number that is not finite. */
export const isMissing = (value: unknown): boolean => value === undefined || value === null

/** A number for a payload: JSON turns what is not finite into null, so null it is. */
export const finiteOrNull = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null

/**
 * The loss of a pass over held-out sequences; NaN, which is no better than any, if it is missing.
 *
 * @throws ExpectedError if it is no number
 */
export function lossOf({ loss }: RnnMessage): number {
  if (isMissing(loss)) return Number.NaN
  if (typeof loss !== 'number') throw new ExpectedError('msg.loss to be a number', describe(loss))
  return loss
}
