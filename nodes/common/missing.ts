import { ExpectedError } from '../../src'

/** What a message lacks, and which node to wire in before this one. */
export const missing = (property: string, node: string): never => {
  throw new ExpectedError(`msg.${property}: wire ${node} in before this node`, 'a message without')
}

/** A message that went through JSON has null for a number that is not finite. */
export const isMissing = (value: unknown): boolean => value === undefined || value === null

/** A number for a payload: JSON turns what is not finite into null, so null it is. */
export const finiteOrNull = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null
