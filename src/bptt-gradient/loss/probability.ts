import { ExpectedError } from '../../expected'

/** A target that is a probability. Returns it, or throws. */
export function probability(target: number): number {
  if (target >= 0 && target <= 1) return target
  throw new ExpectedError('a probability from 0 to 1 as target', `${target}`)
}
