/** The moving averages that most rules keep, starting from zero. */
import { pooledLike } from '../tensor/pooled'
import type { Floats } from '../tensor/tensor'

/** decay · before + (1 - decay) · values */
export function movingAverage(before: Floats | undefined, values: Floats, decay: number): Floats {
  const after = pooledLike(values)
  for (let index = 0; index < after.length; index++)
    after[index] = decay * (before ? before[index] : 0) + (1 - decay) * values[index]
  return after
}

/** decay · before + (1 - decay) · values² */
export function movingSquare(before: Floats | undefined, values: Floats, decay: number): Floats {
  const after = pooledLike(values)
  for (let index = 0; index < after.length; index++) {
    const value = values[index]
    after[index] = decay * (before ? before[index] : 0) + (1 - decay) * value * value
  }
  return after
}

/**
 * numerator / denominator; 0/0, which ε = 0 makes where there has been no gradient, is 0: there is nothing to
 * do.
 */
export const quotient = (numerator: number, denominator: number): number =>
  numerator === 0 ? 0 : numerator / denominator
