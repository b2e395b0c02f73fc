/** Sizes of a cell that nobody typed in: from the first sequence, or from given parameters. */
import {
  type CellForm,
  type CellSizes,
  describe,
  ExpectedError,
  fromNested,
  isTensor,
  sizesOfShapes,
} from '../../src'
import { shapeOf } from '../common/brought'
import { tensorOrValue } from '../common/lazy'
import type { RnnMessage } from '../common/message'
import { tensorOrNested } from '../common/tensors'

/**
 * From a message with inputs [T], [T][D] or [B][T][D]: what sequence-source says, else the last axis of inputs
 * and target, unless that is one of steps: a target [T] or [B][T] is taken as one number a step.
 *
 * @throws ExpectedError if there are no inputs in the payload, or it has gaps
 */
export function inferSizes(msg: RnnMessage): Partial<CellSizes> {
  const { sequence } = msg
  const payload = tensorOrValue(msg, 'payload')
  const target = tensorOrValue(msg, 'target')
  const inputs = shapeOf(payload)
  if (inputs.length === 0)
    throw new ExpectedError(
      'inputs [steps][features] or [sequences][steps][features] in msg.payload',
      describe(payload),
    )
  if (!isTensor(tensorOrNested(payload, 'msg.payload')))
    fromNested(payload, 'float64', ['sequence', 'step', 'feature'])
  const targets = shapeOf(target)
  // of a batch, a target with one axis is one number a sequence; one as long as the inputs is one number a step
  const steps = inputs.length === 3 ? inputs[1] : inputs[0]
  const leading = inputs.length === 3 ? 1 : 0
  const isScalar =
    targets.length === leading || (targets.length === leading + 1 && targets[leading] === steps && steps > 1)
  const targetSize = isScalar ? 1 : (targets.at(-1) ?? 1)
  const outputSize = sequence?.outputSize ?? (target === undefined ? undefined : targetSize)
  return {
    inputSize: sequence?.inputSize ?? (inputs.length === 1 ? 1 : inputs.at(-1)),
    ...(outputSize !== undefined && { outputSize }),
  }
}

/** From parameters by name, whichever are there. */
export const sizesOfParameters = (
  parameters: Readonly<Record<string, unknown>> = {},
  form?: Partial<CellForm>,
): Partial<CellSizes> =>
  sizesOfShapes(
    Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, shapeOf(value)])),
    form,
  )
