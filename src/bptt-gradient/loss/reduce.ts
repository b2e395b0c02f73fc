/** From a sum over everything that counts to what the reduction asks for, as PyTorch's `reduction`. */
import { ExpectedError, oneOf } from '../../expected'
import { type LossResult, type Reduction, reductions } from './comparison'

/**
 * @param total the sum of the loss and its derivative, which is divided in place, how much counted, and what the mean
 *   divides by
 * @throws ExpectedError for the mean of nothing, which is NaN in PyTorch; the sum of nothing is 0
 */
export function reduce(total: LossResult, reduction: Reduction = 'mean'): LossResult {
  if (oneOf('reduction', reduction, reductions) === 'sum') return total
  const { loss, der, count, weight } = total
  if (weight === 0)
    throw new ExpectedError(
      'at least one target that counts, to take the mean of the loss',
      count === 0 ? 'only masked or ignored ones' : 'only classes with a weight of 0',
    )
  for (let index = 0; index < der.length; index++) der[index] /= weight
  return { loss: loss / weight, der, count, weight }
}
