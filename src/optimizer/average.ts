/** The moving averages that most rules keep, starting from zero. */
import type { Floats } from '../tensor/tensor'

/** decay · before + (1 - decay) · values */
export const movingAverage = (before: Floats | undefined, values: Floats, decay: number): Floats =>
  values.map((value, index) => decay * (before ? before[index] : 0) + (1 - decay) * value)

/** decay · before + (1 - decay) · values² */
export const movingSquare = (before: Floats | undefined, values: Floats, decay: number): Floats =>
  values.map((value, index) => decay * (before ? before[index] : 0) + (1 - decay) * value * value)

/**
 * numerator / denominator; 0/0, which ε = 0 makes where there has been no gradient, is 0: there is nothing to
 * do.
 */
export const quotient = (numerator: number, denominator: number): number =>
  numerator === 0 ? 0 : numerator / denominator
