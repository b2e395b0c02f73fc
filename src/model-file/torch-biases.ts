/**
 * PyTorch has two biases in every lane, bias_ih and bias_hh, which are only ever added: we have their sum b. The one
 * exception is n of a GRU that resets after the product, r ∘ (W_n h + bias_hn) + U_n x + bias_in: there we have bn.
 */
import { type Tensor, tensor } from '../tensor/tensor'

interface TorchBiases {
  readonly bias_ih: Tensor
  readonly bias_hh: Tensor
}

/** bias_ih = b and bias_hh = 0, but for bn in its last rows. */
export function toTorchBiases(b: Tensor, bn?: Tensor): TorchBiases {
  const second = tensor(b.dtype, b.shape)
  if (bn) second.data.set(bn.data, b.data.length - bn.data.length)
  return { bias_ih: b, bias_hh: second }
}

/**
 * @param hasOwn the last third of bias_hh is bn
 * @returns b and, if asked for, bn. A sum is in float64, for the cell to round to its own precision.
 */
export function fromTorchBiases(
  { bias_ih: first, bias_hh: second }: TorchBiases,
  hasOwn: boolean,
): { b: Tensor; bn?: Tensor } {
  if (!hasOwn) return { b: sum(first, second.data) }
  const size = second.data.length / 3
  const bn = tensor(second.dtype, [size], second.data.slice(2 * size))
  return { b: sum(first, second.data.subarray(0, 2 * size)), bn }
}

/** The first itself if nothing is added, so that its zeros keep their signs. */
function sum(first: Tensor, added: Tensor['data']): Tensor {
  if (added.every((value) => value === 0)) return first
  const data = Float64Array.from(first.data)
  for (let index = 0; index < added.length; index++) data[index] += added[index]
  return tensor('float64', first.shape, data)
}
