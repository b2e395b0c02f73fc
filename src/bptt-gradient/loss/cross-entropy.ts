import { ExpectedError } from '../../expected'
import { argMax } from '../../tensor/arg-max'
import type { Tensor } from '../../tensor/tensor'
import type { LossResult } from './loss'

/**
 * L = mean(-log softmax(o)[y]), ∂L/∂o = (softmax(o) - onehot(y)) / count. As torch.nn.CrossEntropyLoss: outputs
 * are logits, and the largest is taken off before the exponential.
 *
 * @throws ExpectedError for a class that is not a whole number from 0 to O-1
 */
export function crossEntropy(outputs: Tensor, targets: Tensor): LossResult {
  const classes = outputs.shape[2]
  const count = targets.data.length
  const der = new Float64Array(outputs.data.length)
  let sum = 0
  for (let row = 0; row < count; row++) {
    const target = targets.data[row]
    if (!Number.isInteger(target) || target < 0 || target >= classes)
      throw new ExpectedError(
        `a class from 0 to ${classes - 1} as target (the cell has ${classes} outputs)`,
        `${target}`,
      )
    const start = row * classes
    const logits = outputs.data.subarray(start, start + classes)
    const highest = argMax(logits)
    // the sum of the exponentials without that of the highest, which is 1: log1p keeps what is left of it
    let others = 0
    for (let index = 0; index < classes; index++) {
      der[start + index] = index === highest ? 1 : Math.exp(logits[index] - logits[highest])
      if (index !== highest) others += der[start + index]
    }
    sum += Math.log1p(others) + (logits[highest] - logits[target])
    const scale = (1 + others) * count
    // softmax - 1 as minus the share of the other classes: nothing cancels when it is nearly certain
    let rest = 0
    for (let index = 0; index < classes; index++) {
      if (index !== target) rest += der[start + index]
      der[start + index] /= scale
    }
    der[start + target] = -rest / scale
  }
  return { loss: sum / count, der }
}
