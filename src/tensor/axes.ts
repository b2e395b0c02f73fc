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
  const { data } = from
  const out = swapped.data
  for (let a = 0; a < first; a++)
    for (let b = 0; b < second; b++) {
      const start = (a * second + b) * third
      const to = (b * first + a) * third
      // a view costs more than a few numbers
      if (third > 64) out.set(data.subarray(start, start + third), to)
      else for (let index = 0; index < third; index++) out[to + index] = data[start + index]
    }
  return swapped
}
