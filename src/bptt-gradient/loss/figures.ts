/** What a person reads beside the loss: sums over everything that counts, to be divided by how much that is. */
import { ExpectedError } from '../../expected'
import type { LinearScale } from '../../sequence-source/scaling'
import { argMax } from '../../tensor/arg-max'
import type { LossInput, LossOptions } from './comparison'
import { ignoredClass } from './cross-entropy'

/**
 * Σ (o - y)², in the units of the data if a scale is given.
 *
 * @param scale entries by output
 * @throws ExpectedError if the scale has another number of them
 */
export function squaredErrors({ outputs, targets, mask }: LossInput, scale?: LinearScale): number {
  const size = outputs.shape[2]
  if (scale && scale.std.length !== size)
    throw new ExpectedError(`a scale of ${size} features`, `one of ${scale.std.length}`)
  let sum = 0
  for (let index = 0; index < outputs.data.length; index++) {
    if (mask?.[Math.floor(index / size)] === 0) continue
    sum += ((outputs.data[index] - targets.data[index]) * (scale ? scale.std[index % size] : 1)) ** 2
  }
  return sum
}

/** How many readouts have the largest logit at the class, or at that of the largest probability. */
export function rightClasses({ outputs, targets, mask }: LossInput, options: LossOptions): number {
  const classes = outputs.shape[2]
  const areIndices = targets.shape[2] === 1
  const ignored = ignoredClass(options)
  let right = 0
  for (let row = 0; row * classes < outputs.data.length; row++) {
    if (mask?.[row] === 0 || (areIndices && targets.data[row] === ignored)) continue
    const ofRow = [row * classes, (row + 1) * classes] as const
    const target = areIndices ? targets.data[row] : argMax(targets.data.subarray(...ofRow))
    if (argMax(outputs.data.subarray(...ofRow)) === target) right++
  }
  return right
}

/** How many logits are above 0 where the target is above a half, and not where it is not. */
export function rightSides({ outputs, targets, mask }: LossInput): number {
  const size = outputs.shape[2]
  let right = 0
  for (let index = 0; index < outputs.data.length; index++) {
    if (mask?.[Math.floor(index / size)] === 0) continue
    const logit = outputs.data[index]
    if (targets.data[index] > 0.5 ? logit > 0 : logit <= 0) right++
  }
  return right
}
