/**
 * One layer of every kind of cell as its paper, torch.nn and the ONNX operators write it: sums and numbers, one sequence,
 * one unit at a time. Shares no code with src/.
 */
import type { Cell } from '../../../src'
import { asRows, timesVector } from '../bptt-gradient/rows'

const phi: Record<string, (a: number) => number> = {
  tanh: (a) => (Math.exp(a) - Math.exp(-a)) / (Math.exp(a) + Math.exp(-a)),
  relu: (a) => Math.max(a, 0),
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  linear: (a) => a,
  'hard-sigmoid': (a) => Math.max(0, Math.min(1, 0.2 * a + 0.5)),
}

export interface TextbookState {
  readonly h: number[]
  readonly c: number[]
}

/** h and c after every step, from the initial state on. */
export function textbook(cell: Cell, inputs: readonly number[][], start: TextbookState): TextbookState[] {
  const states = [start]
  for (const x of inputs) states.push(steps[cell.type](cell, x, states[states.length - 1]))
  return states
}

/** W_k h, U_k x and b_k of gate k */
function partsOf({ parameters, sizes }: Cell, x: readonly number[], h: readonly number[]) {
  const { hiddenSize: H, inputSize: D } = sizes
  const rows = (name: string, gate: number, columns: number) =>
    asRows(parameters[name].data.slice(gate * H * columns, (gate + 1) * H * columns), columns)
  return {
    Wh: (gate: number, of = h) => timesVector(rows('W', gate, H), of),
    Ux: (gate: number) => timesVector(rows('U', gate, D), x),
    b: (gate: number) => rows('b', gate, 1).flat(),
  }
}

const clipped = (a: number, clip = Number.POSITIVE_INFINITY) => Math.min(Math.max(a, -clip), clip)
const units = ({ sizes }: Cell) => Array.from({ length: sizes.hiddenSize }, (_, unit) => unit)

const steps: Record<Cell['type'], (cell: Cell, x: number[], before: TextbookState) => TextbookState> = {
  rnn(cell, x, { h }) {
    const { Wh, Ux, b } = partsOf(cell, x, h)
    const [w, u, bias] = [Wh(0), Ux(0), b(0)]
    return {
      h: units(cell).map((k) => phi[cell.activation](clipped(w[k] + u[k] + bias[k], cell.clip))),
      c: [],
    }
  },

  gru(cell, x, { h }) {
    const { Wh, Ux, b } = partsOf(cell, x, h)
    const gate = (index: number) => {
      const [w, u, bias] = [Wh(index), Ux(index), b(index)]
      return units(cell).map((k) => phi[cell.gateActivation](clipped(w[k] + u[k] + bias[k], cell.clip)))
    }
    const [r, z] = [gate(0), gate(1)]
    const [u, bias] = [Ux(2), b(2)]
    const recurrent = cell.resetAfter
      ? Wh(2).map((value, k) => r[k] * (value + cell.parameters.bn.data[k]))
      : Wh(
          2,
          h.map((value, k) => r[k] * value),
        )
    const n = units(cell).map((k) => phi[cell.activation](clipped(u[k] + bias[k] + recurrent[k], cell.clip)))
    return { h: units(cell).map((k) => (1 - z[k]) * n[k] + z[k] * h[k]), c: [] }
  },

  lstm(cell, x, { h, c }) {
    const { Wh, Ux, b } = partsOf(cell, x, h)
    const H = cell.sizes.hiddenSize
    const peephole = (index: number, of: number[]) =>
      cell.peepholes ? of.map((value, k) => cell.parameters.p.data[index * H + k] * value) : of.map(() => 0)
    const gate = (index: number, name: string, seen: number[]) => {
      const [w, u, bias] = [Wh(index), Ux(index), b(index)]
      return units(cell).map((k) => phi[name](clipped(w[k] + u[k] + bias[k] + seen[k], cell.clip)))
    }
    const i = gate(0, cell.gateActivation, peephole(0, c))
    const f = gate(1, cell.gateActivation, peephole(1, c))
    const g = gate(2, cell.activation, new Array(H).fill(0))
    const next = units(cell).map((k) => f[k] * c[k] + i[k] * g[k])
    const o = gate(3, cell.gateActivation, peephole(2, next))
    return { h: units(cell).map((k) => o[k] * phi[cell.activation](next[k])), c: next }
  },
}
