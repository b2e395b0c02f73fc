/**
 * The LSTM (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000; torch.nn.LSTM), gates in PyTorch's
 * order i f g o, with the peepholes p of Gers & Schmidhuber 2000 if the form has them:
 *
 *     i = σ(W_i h + U_i x + b_i + p_i ∘ c)      f = σ(W_f h + U_f x + b_f + p_f ∘ c)
 *     g = φ(W_g h + U_g x + b_g)                c' = f ∘ c + i ∘ g
 *     o = σ(W_o h + U_o x + b_o + p_o ∘ c')     h' = o ∘ φ(c')
 */
import type { Floats } from '../tensor/tensor'
import {
  addInput,
  addRecurrent,
  addRecurrentPartials,
  addThroughRecurrent,
  block,
  inputPartials,
  setBias,
} from './gates'
import type { CellKind, Immediate, KindOfForm, StepBack } from './kind'

const [I, F, G, O] = [0, 1, 2, 3]
/** what is kept besides the gates: φ(c') */
const squashed = 4

/** The rows of p: i, f, o. */
const peepholeOf = { [I]: 0, [F]: 1, [O]: 2 }

const gatesOf = <Numbers extends Floats>(from: Numbers, size: number) =>
  [I, F, G, O, squashed].map((index) => block(from, index, size))

/** ∂⁺L/∂p: δ_i ∘ c_{t-1}, δ_f ∘ c_{t-1}, δ_o ∘ c_t, summed over the batch. */
const peepholePartials: Immediate = ({ hiddenSize }, { delta, before, after, batch }, out) => {
  const add = (gate: keyof typeof peepholeOf, cellState: Floats) => {
    const part = block(out, peepholeOf[gate], hiddenSize)
    const own = block(delta, gate, batch * hiddenSize)
    for (let index = 0; index < own.length; index++) part[index % hiddenSize] += own[index] * cellState[index]
  }
  add(I, before.cellState as Floats)
  add(F, before.cellState as Floats)
  add(O, after.cellState as Floats)
}

const steps: KindOfForm = {
  keeps: 5,
  hasRecurrentDelta: false,

  forward(weights, step) {
    const { before, after, gates, batch } = step
    const { p, hiddenSize, activation, gateActivation, outputActivation } = weights
    const size = batch * hiddenSize
    const [i, f, g, o, u] = gatesOf(gates, size)
    const cell = before.cellState as Floats
    const next = after.cellState as Floats
    for (const gate of [I, F, G, O]) {
      const out = block(gates, gate, size)
      setBias(weights, gate, out, batch)
      addRecurrent(weights, gate, before.hidden, out, batch)
      addInput(weights, gate, step, out)
    }
    for (let index = 0; index < size; index++) {
      const unit = index % hiddenSize
      i[index] = gateActivation.output(i[index] + (p ? p[unit] * cell[index] : 0))
      f[index] = gateActivation.output(f[index] + (p ? p[hiddenSize + unit] * cell[index] : 0))
      g[index] = activation.output(g[index])
      next[index] = f[index] * cell[index] + i[index] * g[index]
      o[index] = gateActivation.output(o[index] + (p ? p[2 * hiddenSize + unit] * next[index] : 0))
      u[index] = outputActivation.output(next[index])
      after.hidden[index] = o[index] * u[index]
    }
  },

  backward(weights, { before, gates, gradient, delta, gradientBefore, batch }: StepBack) {
    const { p, hiddenSize, activation, gateActivation, outputActivation } = weights
    const size = batch * hiddenSize
    const [i, f, g, o, u] = gatesOf(gates, size)
    const [di, df, dg, dout] = gatesOf(delta, size)
    const cell = before.cellState as Floats
    const carried = gradientBefore.cellState as Float64Array
    const fromAbove = gradient.cellState as Float64Array
    for (let index = 0; index < size; index++) {
      const unit = index % hiddenSize
      const dh = gradient.hidden[index]
      dout[index] = gateActivation.der(o[index]) * dh * u[index]
      const dc =
        fromAbove[index] +
        outputActivation.der(u[index]) * dh * o[index] +
        (p ? dout[index] * p[2 * hiddenSize + unit] : 0)
      di[index] = gateActivation.der(i[index]) * dc * g[index]
      df[index] = gateActivation.der(f[index]) * dc * cell[index]
      dg[index] = activation.der(g[index]) * dc * i[index]
      carried[index] = dc * f[index] + (p ? di[index] * p[unit] + df[index] * p[hiddenSize + unit] : 0)
    }
    gradientBefore.hidden.fill(0)
    for (const gate of [I, F, G, O])
      addThroughRecurrent(weights, gate, block(delta, gate, size), gradientBefore.hidden, batch)
  },

  immediate: {
    W: (weights, { delta, before }, out) => addRecurrentPartials(weights, delta, before.hidden, out, [I, O]),
    ...inputPartials(4),
    p: peepholePartials,
  },
}

export const lstm: CellKind = {
  gates: ['i', 'f', 'g', 'o'],
  hasCellState: true,
  shapes: ({ sizes: { hiddenSize }, peepholes }, inputSize) => ({
    W: [4 * hiddenSize, hiddenSize],
    U: [4 * hiddenSize, inputSize],
    b: [4 * hiddenSize],
    ...(peepholes && { p: [3 * hiddenSize] }),
  }),
  of: () => steps,
}
