/** What a case trains on: weights, inputs and targets, drawn once and the same on all sides. */
import { writeFileSync } from 'node:fs'
import { random } from '../src/random/random'
import type { Case } from './cases'

export interface Problem {
  readonly of: Case
  /** in the order W, U, b, bn of a GRU, V, c */
  readonly parameters: readonly Parameter[]
  /** x [T, B, D] */
  readonly inputs: Float32Array
  /** [T, B, O] */
  readonly targets: Float32Array
}

export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export const gates = { rnn: 1, gru: 3, lstm: 4 } as const

/** What every side does with the gradient: clipped to this global norm, then Adam at this rate. */
export const threshold = 1
export const learningRate = 1e-3

export const shapesOf = ({ type, hidden, features }: Case): [string, number[]][] => [
  ['W', [gates[type] * hidden, hidden]],
  ['U', [gates[type] * hidden, features]],
  ['b', [gates[type] * hidden]],
  ...(type === 'gru' ? ([['bn', [hidden]]] as [string, number[]][]) : []),
  ['V', [features, hidden]],
  ['c', [features]],
]

/** Weights uniform in ±1/√H as PyTorch's, inputs normal, targets uniform in ±1/2. */
export function problemOf(of: Case): Problem {
  const draw = random(of.hidden * 1_000_003 + of.batch * 1009 + of.steps)
  const drawn = (count: number, one: () => number) => Float32Array.from({ length: count }, one)
  const bound = 1 / Math.sqrt(of.hidden)
  const count = of.steps * of.batch * of.features
  return {
    of,
    parameters: shapesOf(of).map(([name, shape]) => ({
      name,
      shape,
      data: drawn(
        shape.reduce((product, size) => product * size, 1),
        () => draw.uniform(-bound, bound),
      ),
    })),
    inputs: drawn(count, () => draw.normal()),
    targets: drawn(count, () => draw.uniform(-0.5, 0.5)),
  }
}

/** For the sides in other processes: parameters, inputs, targets, float32 one after another. */
export function writeProblem({ parameters, inputs, targets }: Problem, file: string): void {
  const parts = [...parameters.map(({ data }) => data), inputs, targets]
  writeFileSync(file, Buffer.concat(parts.map((part) => new Uint8Array(part.buffer))))
}

/** [T, B, N] → [B, T, N] */
export function batchMajor(data: Float32Array, { steps, batch, features }: Case): Float32Array {
  const out = new Float32Array(data.length)
  for (let t = 0; t < steps; t++)
    for (let sequence = 0; sequence < batch; sequence++) {
      const from = (t * batch + sequence) * features
      out.set(data.subarray(from, from + features), (sequence * steps + t) * features)
    }
  return out
}
