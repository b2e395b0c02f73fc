/** Sizes of a cell that nobody typed in: from the first sequence, or from given parameters. */
import { type CellSizes, describe, ExpectedError, nestedShape } from '../../src'
import type { RnnMessage } from './message'

const shapeOf = (value: unknown): readonly number[] =>
  typeof value === 'object' && value !== null && 'shape' in value && Array.isArray(value.shape)
    ? value.shape
    : nestedShape(value)

/**
 * From a message with inputs [T], [T][D] or [B][T][D]: what sequence-source says, else the last axis of inputs
 * and target.
 *
 * @throws ExpectedError if there are no inputs in the payload
 */
export function inferSizes({ payload, target, sequence }: RnnMessage): Partial<CellSizes> {
  const inputs = shapeOf(payload)
  if (inputs.length === 0 || inputs.includes(0))
    throw new ExpectedError(
      'inputs [steps][features] or [sequences][steps][features] in msg.payload',
      describe(payload),
    )
  const targets = shapeOf(target)
  const outputSize = sequence?.outputSize ?? (target === undefined ? undefined : (targets.at(-1) ?? 1))
  return {
    inputSize: sequence?.inputSize ?? (inputs.length === 1 ? 1 : inputs.at(-1)),
    ...(outputSize !== undefined && { outputSize }),
  }
}

/** From parameters W [H,H], U [H,D], b [H], V [O,H], c [O], whichever are there. */
export function sizesOfParameters(parameters: Readonly<Record<string, unknown>> = {}): Partial<CellSizes> {
  const { W, U, b, V, c } = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, shapeOf(value)]),
  )
  const hiddenSize = W?.[0] ?? U?.[0] ?? b?.[0] ?? V?.[1]
  const inputSize = U?.[1]
  const outputSize = V?.[0] ?? c?.[0]
  return {
    ...(hiddenSize !== undefined && { hiddenSize }),
    ...(inputSize !== undefined && { inputSize }),
    ...(outputSize !== undefined && { outputSize }),
  }
}
