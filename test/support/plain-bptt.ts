/**
 * Backpropagation through time of a vanilla cell as a textbook's reverse mode writes it: a running δ, one sequence at a
 * time, nested arrays, no terms. Shares no code with src/ beyond the types; it is what the explicit sum is held against.
 */
import fc from 'fast-check'
import type { Tensor } from '../../src'
import { type Case, type Draws, plain } from './networks'

/** What `plainBptt` can do. */
export const plainDraws: Partial<Draws> = {
  ...plain,
  type: fc.constant('rnn'),
  clip: fc.constant(undefined),
  decoder: fc.constant(false),
  readout: fc.constant('linear'),
  loss: fc.constantFrom('mse', 'cross-entropy'),
  reduction: fc.constant('mean'),
  padding: fc.constant('none'),
  batch: fc.integer({ min: 1, max: 8 }),
  hiddenSize: fc.integer({ min: 1, max: 7 }),
}

type Matrix = number[][]

const phi: Record<string, [(a: number) => number, (a: number) => number]> = {
  tanh: [(a) => Math.tanh(a), (a) => 1 - Math.tanh(a) ** 2],
  relu: [(a) => Math.max(0, a), (a) => (a > 0 ? 1 : 0)],
  sigmoid: [(a) => 1 / (1 + Math.exp(-a)), (a) => Math.exp(-a) / (1 + Math.exp(-a)) ** 2],
  linear: [(a) => a, () => 1],
}

const rows = (data: ArrayLike<number>, count: number, size: number): Matrix =>
  Array.from({ length: count }, (_, row) =>
    Array.from({ length: size }, (_, column) => data[row * size + column]),
  )

export interface PlainResult {
  loss: number
  gradient: Record<'W' | 'U' | 'b' | 'V' | 'c', number[]>
}

export function plainBptt({ cell, inputs, targets, unroll, loss: { loss } }: Case): PlainResult {
  const { topology } = unroll
  const initialState = unroll.initialState as Tensor
  const [batch, steps, D] = inputs.shape
  const { hiddenSize: H, outputSize: O } = cell.sizes
  const p = cell.parameters
  const [W, U, V] = [rows(p.W.data, H, H), rows(p.U.data, H, D), rows(p.V.data, O, H)]
  const [f, df] = phi[cell.activation]
  const lossSteps = topology === 'many-to-one' ? 1 : steps
  const count = batch * lossSteps * (loss === 'mse' ? O : 1)

  const gW = rows(new Array(H * H).fill(0), H, H)
  const gU = rows(new Array(H * D).fill(0), H, D)
  const gV = rows(new Array(O * H).fill(0), O, H)
  const gb = new Array(H).fill(0)
  const gc = new Array(O).fill(0)
  let total = 0

  for (let s = 0; s < batch; s++) {
    const x = (t: number) => Array.from({ length: D }, (_, d) => inputs.data[(s * steps + t - 1) * D + d])
    const h: Matrix = [Array.from({ length: H }, (_, k) => initialState.data[s * H + k])]
    const a: Matrix = [[]]
    for (let t = 1; t <= steps; t++) {
      a[t] = W.map((row, k) => {
        const recurrent = row.reduce((sum, w, j) => sum + w * h[t - 1][j], 0)
        return recurrent + U[k].reduce((sum, u, j) => sum + u * x(t)[j], 0) + p.b.data[k]
      })
      h[t] = a[t].map(f)
    }
    let dh = new Array(H).fill(0)
    for (let t = steps; t >= 1; t--) {
      if (topology === 'many-to-many' || t === steps) {
        const o = V.map((row, k) => row.reduce((sum, v, j) => sum + v * h[t][j], 0) + p.c.data[k])
        const at = topology === 'many-to-one' ? s : s * steps + t - 1
        let d: number[]
        if (loss === 'mse') {
          d = o.map((value, k) => (2 * (value - targets.data[at * O + k])) / count)
          total += o.reduce((sum, value, k) => sum + (value - targets.data[at * O + k]) ** 2, 0) / count
        } else {
          const y = targets.data[at]
          const odds = (k: number) =>
            o.reduce((sum, value, j) => (j === k ? sum : sum + Math.exp(value - o[k])), 0)
          d = o.map((_, k) => (k === y ? -odds(k) / (1 + odds(k)) : 1 / (1 + odds(k))) / count)
          total += Math.log1p(odds(y)) / count
        }
        for (let k = 0; k < O; k++) {
          gc[k] += d[k]
          for (let j = 0; j < H; j++) {
            gV[k][j] += d[k] * h[t][j]
            dh[j] += d[k] * V[k][j]
          }
        }
      }
      const delta = dh.map((value, k) => value * df(a[t][k]))
      const before = new Array(H).fill(0)
      for (let k = 0; k < H; k++) {
        gb[k] += delta[k]
        for (let j = 0; j < H; j++) {
          gW[k][j] += delta[k] * h[t - 1][j]
          before[j] += delta[k] * W[k][j]
        }
        for (let d = 0; d < D; d++) gU[k][d] += delta[k] * x(t)[d]
      }
      dh = before
    }
  }
  return { loss: total, gradient: { W: gW.flat(), U: gU.flat(), b: gb, V: gV.flat(), c: gc } }
}
