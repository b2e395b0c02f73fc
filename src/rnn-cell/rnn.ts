/**
 * The vanilla recurrent cell (Elman 1990; Goodfellow et al. 2016, ch. 10; torch.nn.RNN): h_t = φ(W h_{t-1} + U x_t + b).
 */
import {
  addInput,
  addRecurrent,
  addRecurrentPartials,
  addThroughRecurrent,
  inputPartials,
  setBias,
} from './gates'
import type { CellKind, KindOfForm } from './kind'

const steps: KindOfForm = {
  keeps: 0,
  hasRecurrentDelta: false,

  forward(weights, step) {
    const { before, after, batch } = step
    const { hidden } = after
    setBias(weights, 0, hidden, batch)
    addRecurrent(weights, 0, before.hidden, hidden, batch)
    addInput(weights, 0, step, hidden)
    const { output } = weights.activation
    for (let index = 0; index < hidden.length; index++) hidden[index] = output(hidden[index])
  },

  /** δ_t = φ'(a_t) ∘ ∂L/∂h_t, and ∂L/∂h_{t-1} = Wᵀ δ_t */
  backward(weights, { after, gradient, delta, gradientBefore, batch }) {
    const { hidden } = after
    const { der } = weights.activation
    for (let index = 0; index < delta.length; index++)
      delta[index] = der(hidden[index]) * gradient.hidden[index]
    gradientBefore.hidden.fill(0)
    addThroughRecurrent(weights, 0, delta, gradientBefore.hidden, batch)
  },

  immediate: {
    W: (weights, { delta, before }, out) => addRecurrentPartials(weights, delta, before.hidden, out, [0, 0]),
    ...inputPartials(1),
  },
}

export const rnn: CellKind = {
  gates: ['h'],
  hasCellState: false,
  shapes: ({ sizes: { hiddenSize } }, inputSize) => ({
    W: [hiddenSize, hiddenSize],
    U: [hiddenSize, inputSize],
    b: [hiddenSize],
  }),
  of: () => steps,
}
