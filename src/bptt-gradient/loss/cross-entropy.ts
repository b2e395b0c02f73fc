/** Cross-entropy of logits with classes, as torch.nn.CrossEntropyLoss. */
import { ExpectedError, numberIn } from '../../expected'
import type { Comparison, LossOptions } from './comparison'
import { readoutCrossEntropy } from './log-softmax'
import { probability } from './probability'
import { reduce } from './reduce'
import { weightsIn } from './weights'

/** The class index that does not count. */
export const ignoredClass = ({ ignoreIndex = -100 }: LossOptions): number =>
  numberIn('ignoreIndex', ignoreIndex, { integer: true })

/**
 * Of a class index y: ℓ = -w_y log softmax(o)_y, and the mean divides by the sum of the w_y. Of probabilities p:
 * ℓ = -Σ_k w_k p_k log softmax(o)_k, and the mean divides by the number of readouts, whatever the weights.
 *
 * @throws ExpectedError for a class that is not a whole number from 0 to O-1 nor the ignored one, a probability
 *   outside of 0 to 1, weights that do not fit the outputs, or an ignored class of 0 or more with probabilities
 */
export const crossEntropy: Comparison = ({ outputs, targets, mask }, options) => {
  const classes = outputs.shape[2]
  const weights = weightsIn('classWeights', options.classWeights, classes)
  const ignored = ignoredClass(options)
  const areIndices = targets.shape[2] === 1
  if (!areIndices && ignored >= 0)
    throw new ExpectedError('no ignoreIndex where targets are probabilities', `${ignored}`)

  const der = new Float64Array(outputs.data.length)
  const shares = new Float64Array(classes)
  let loss = 0
  let count = 0
  let weight = 0
  for (let row = 0; row * classes < der.length; row++) {
    const start = row * classes
    if (mask?.[row] === 0) continue
    if (areIndices) {
      const target = targets.data[row]
      if (target === ignored) continue
      checkClass(target, classes)
      shares.fill(0)
      shares[target] = weights[target]
      weight += weights[target]
    } else {
      for (let k = 0; k < classes; k++) shares[k] = weights[k] * probability(targets.data[start + k])
      weight++
    }
    count++
    const end = start + classes
    loss += readoutCrossEntropy(outputs.data.subarray(start, end), shares, der.subarray(start, end))
  }
  return reduce({ loss, der, count, weight }, options.reduction)
}

function checkClass(target: number, classes: number): void {
  if (!Number.isInteger(target) || target < 0 || target >= classes)
    throw new ExpectedError(
      `a class from 0 to ${classes - 1} as target (the cell has ${classes} outputs)`,
      `${target}`,
    )
}
