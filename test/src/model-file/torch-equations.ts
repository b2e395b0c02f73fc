/**
 * torch.nn.RNN, GRU and LSTM as PyTorch's documentation writes them, for one sequence, on the tensors of a state_dict
 * with both biases apart; and such a state_dict with random numbers.
 */
import type { Dtype, Tensor } from '../../../src'
import { random } from '../../../src/random/random'

export type TorchType = 'rnn' | 'gru' | 'lstm'

export interface TorchModule {
  readonly type: TorchType
  readonly inputSize: number
  readonly hiddenSize: number
  readonly layers: number
  readonly bidirectional: boolean
  /** default true */
  readonly bias?: boolean
}

const gates = { rnn: 1, gru: 3, lstm: 4 }

/** The tensors in state_dict's order. */
export function stateDict(module: TorchModule, dtype: Dtype, seed = 1, prefix = ''): Map<string, Tensor> {
  const { type, inputSize, hiddenSize, layers, bidirectional, bias = true } = module
  const { uniform } = random(seed)
  const tensors = new Map<string, Tensor>()
  for (let k = 0; k < layers; k++)
    for (const suffix of bidirectional ? ['', '_reverse'] : ['']) {
      const rows = gates[type] * hiddenSize
      const size = k === 0 ? inputSize : hiddenSize * (bidirectional ? 2 : 1)
      const put = (name: string, ...shape: number[]) =>
        tensors.set(`${prefix}${name}_l${k}${suffix}`, drawn(dtype, shape, uniform))
      put('weight_ih', rows, size)
      put('weight_hh', rows, hiddenSize)
      if (!bias) continue
      put('bias_ih', rows)
      put('bias_hh', rows)
    }
  return tensors
}

/** An nn.Linear. */
export function linear(stem: string, outputs: number, inputs: number, dtype: Dtype): [string, Tensor][] {
  const { uniform } = random(77)
  return [
    [`${stem}.weight`, drawn(dtype, [outputs, inputs], uniform)],
    [`${stem}.bias`, drawn(dtype, [outputs], uniform)],
  ]
}

function drawn(dtype: Dtype, shape: number[], uniform: (low: number, high: number) => number): Tensor {
  const numbers = Array.from({ length: shape.reduce((a, b) => a * b) }, () => uniform(-1, 1))
  return { shape, dtype, data: dtype === 'float32' ? Float32Array.from(numbers) : Float64Array.from(numbers) }
}

const sigmoid = (a: number) => 1 / (1 + Math.exp(-a))

/** weight x + bias */
export function affine(weight: Tensor, bias: Tensor | undefined, x: readonly number[]): number[] {
  const [rows, columns] = weight.shape
  return Array.from({ length: rows }, (_, row) =>
    x.reduce((sum, value, column) => sum + weight.data[row * columns + column] * value, bias?.data[row] ?? 0),
  )
}

type State = { h: number[]; c: number[] }

function step(type: TorchType, input: number[], hidden: number[], { h, c }: State): State {
  const H = h.length
  const [i, r] = [
    (gate: number, j: number) => input[gate * H + j],
    (g: number, j: number) => hidden[g * H + j],
  ]
  const units = <T>(make: (j: number) => T) => h.map((_, j) => make(j))
  if (type === 'rnn') return { h: units((j) => Math.tanh(i(0, j) + r(0, j))), c }
  if (type === 'gru')
    return {
      h: units((j) => {
        const reset = sigmoid(i(0, j) + r(0, j))
        const z = sigmoid(i(1, j) + r(1, j))
        const n = Math.tanh(i(2, j) + reset * r(2, j))
        return (1 - z) * n + z * h[j]
      }),
      c,
    }
  const next = units(
    (j) => sigmoid(i(1, j) + r(1, j)) * c[j] + sigmoid(i(0, j) + r(0, j)) * Math.tanh(i(2, j) + r(2, j)),
  )
  return { h: units((j) => sigmoid(i(3, j) + r(3, j)) * Math.tanh(next[j])), c: next }
}

/** output [T][directions · H] of the last layer, from zeros. */
export function torchOutputs(
  { type, hiddenSize, layers, bidirectional }: TorchModule,
  tensors: ReadonlyMap<string, Tensor>,
  inputs: readonly number[][],
  prefix = '',
): number[][] {
  let below: number[][] = inputs.map((x) => [...x])
  for (let k = 0; k < layers; k++) {
    const run = (suffix: string, sequence: number[][]) => {
      const get = (name: string) => tensors.get(`${prefix}${name}_l${k}${suffix}`) as Tensor
      let state: State = { h: Array(hiddenSize).fill(0), c: Array(hiddenSize).fill(0) }
      return sequence.map((x) => {
        const fromInput = affine(get('weight_ih'), get('bias_ih'), x)
        state = step(type, fromInput, affine(get('weight_hh'), get('bias_hh'), state.h), state)
        return state.h
      })
    }
    const forward = run('', below)
    const reverse = bidirectional ? run('_reverse', [...below].reverse()).reverse() : undefined
    below = forward.map((h, t) => [...h, ...(reverse?.[t] ?? [])])
  }
  return below
}
