/** Views and reorderings along the first axes. */
import { type Floats, type Tensor, tensor } from './tensor'

/** Entry `index` of a tensor's first axis, as a view. */
export const entry = (from: Tensor, index: number): Floats => {
  const size = from.data.length / from.shape[0]
  return from.data.subarray(index * size, (index + 1) * size)
}

/** [A, B, C] → [B, A, C] */
export function swapFirstAxes(from: Tensor): Tensor {
  const [first, second, third] = from.shape
  if (first === 1 || second === 1) return { ...from, shape: [second, first, third] }
  const swapped = tensor(from.dtype, [second, first, third])
  for (let a = 0; a < first; a++)
    for (let b = 0; b < second; b++)
      swapped.data.set(
        from.data.subarray((a * second + b) * third, (a * second + b + 1) * third),
        (b * first + a) * third,
      )
  return swapped
}
