/** Losses and gradients side by side, tensor by tensor. */
import type { Gradients } from './sides/side'

/** What a float32 side may be off, relative to the tensor's norm. */
export const tolerance = 1e-4

/** ‖got - expected‖ / ‖expected‖; Infinity if they do not have the same length. */
export function relativeError(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY
  let off = 0
  let size = 0
  for (let index = 0; index < expected.length; index++) {
    off += (got[index] - expected[index]) ** 2
    size += expected[index] ** 2
  }
  if (size === 0) return off === 0 ? 0 : Number.POSITIVE_INFINITY
  return Math.sqrt(off / size)
}

/** The relative error of the loss and of every tensor of the gradient that is compared. */
export function differences(
  got: Gradients,
  expected: Gradients,
  compared: readonly string[] = Object.keys(expected.parameters),
): Record<string, number> {
  return {
    loss: relativeError([got.loss], [expected.loss]),
    ...Object.fromEntries(
      compared.map((name) => [name, relativeError(got.parameters[name] ?? [], expected.parameters[name])]),
    ),
  }
}

/** NaN agrees with nothing. */
export const agrees = (errors: Readonly<Record<string, number>>): boolean =>
  Object.values(errors).every((error) => error <= tolerance)
