/**
 * Where windows of a stream begin. A network that goes on from reading to reading is hardly ever in the state zero: learned
 * from windows that all begin with it, it comes to rely on a state that it then never sees again, and what is predicted
 * becomes worse while the loss becomes better. So windows begin where others have ended, whatever came before those: the
 * network learns not to depend on more than its window (the states of noise of Zimmermann, Tietz & Grothmann 2012,
 * Forecasting with recurrent neural networks: 12 tricks; the stored states of Kapturowski et al. 2019, R2D2).
 */
import { random } from '../random/random'
import { type Tensor, tensor } from '../tensor/tensor'
import type { CellState } from './state'

/** One window in so many begins with zeros, as a network does that has seen nothing yet. */
const coldStarts = 4

/**
 * States to begin a batch with.
 *
 * @param ended [.., B, H], where the sequences of another batch have ended
 * @param seed which of them goes where
 * @returns in the same layout: of each row of the batch another one's, or zeros
 */
export function warmStarts(ended: CellState, seed: number): CellState {
  const one = 'h' in ended ? ended.h : ended
  const order = random(seed).permutation(one.shape[one.shape.length - 2])
  const mixed = (from: Tensor) => inOrder(from, order)
  return 'h' in ended ? { h: mixed(ended.h), c: mixed(ended.c) } : mixed(ended)
}

function inOrder(from: Tensor, order: readonly number[]): Tensor {
  const { shape, dtype, data } = from
  const size = shape[shape.length - 1]
  const made = tensor(dtype, shape)
  const batch = order.length
  for (let lane = 0; lane * batch * size < data.length; lane++)
    order.forEach((other, row) => {
      if (row % coldStarts === coldStarts - 1) return
      const start = (lane * batch + other) * size
      made.data.set(data.subarray(start, start + size), (lane * batch + row) * size)
    })
  return made
}
