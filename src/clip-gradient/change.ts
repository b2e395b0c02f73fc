/** What all rules do: give some tensors of a gradient other numbers, and leave alone what stays as it was. */
import { mapParameters, type ParameterName, type Parameters } from '../rnn-cell/parameters'
import { norm } from '../tensor/norm'
import { pooledLike } from '../tensor/pooled'
import type { Floats, Tensor } from '../tensor/tensor'

/** The Euclidean norm over all tensors. */
export const globalNorm = (gradient: Parameters): number =>
  norm(...Object.values(gradient).map(({ data }) => data))

/**
 * The gradient with new numbers in each tensor.
 *
 * @param change the numbers that a tensor is to have: as many as it has, of its type
 * @returns the very same tensor where no number is another, and the very same gradient if that is all of them
 */
export function changeTensors(
  gradient: Parameters,
  change: (tensor: Tensor, name: ParameterName) => Floats,
): Parameters {
  const changed = mapParameters(gradient, (tensor, name) => {
    const data = change(tensor, name)
    return isSame(data, tensor.data) ? tensor : { ...tensor, data }
  })
  return Object.keys(gradient).every((name) => changed[name] === gradient[name]) ? gradient : changed
}

function isSame(data: Floats, before: Floats): boolean {
  for (let index = 0; index < data.length; index++) if (data[index] !== before[index]) return false
  return true
}

/** Every tensor times the same coefficient. */
export const scaleTensors = (gradient: Parameters, coefficient: number): Parameters =>
  coefficient === 1 ? gradient : changeTensors(gradient, ({ data }) => scale(data, coefficient))

export function scale(data: Floats, coefficient: number): Floats {
  if (coefficient === 1) return data
  const scaled = pooledLike(data)
  for (let index = 0; index < scaled.length; index++) scaled[index] = data[index] * coefficient
  return scaled
}

/** min(1, threshold / (size + ε)), the coefficient of torch.nn.utils.clip_grad_norm_; 1 where there is no size. */
export function shrinkage(size: number, threshold: number, epsilon = 0): number {
  const coefficient = threshold / (size + epsilon)
  return coefficient < 1 ? coefficient : 1
}
