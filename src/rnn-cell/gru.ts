/**
 * The GRU (Cho et al. 2014; torch.nn.GRU), gates in PyTorch's order r z n, in its two forms:
 *
 *     r = σ(W_r h + U_r x + b_r)                        z = σ(W_z h + U_z x + b_z)
 *     n = φ(r ∘ (W_n h + b_n') + U_n x + b_n)           reset after the product (PyTorch, Keras), b_n' being bn
 *     n = φ(W_n (r ∘ h) + U_n x + b_n)                  reset before it (ONNX's default, the original paper)
 *     h' = (1 - z) ∘ n + z ∘ h
 */
import { addOuterProducts, addRows, fillRows } from '../kernel/reference'
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
import type { CellKind, KindOfForm, Step, StepBack, Weights } from './kind'

const [R, Z, N] = [0, 1, 2]
/** what the form that resets after the product keeps besides the gates: m = W_n h + b_n' */
const M = 3

/** r and z, and in the place of n what of it does not depend on h: U_n x + b_n. */
function openGates(weights: Weights, step: Step): void {
  const { before, gates, batch } = step
  const size = batch * weights.hiddenSize
  for (const gate of [R, Z, N]) {
    const out = block(gates, gate, size)
    setBias(weights, gate, out, batch)
    if (gate !== N) addRecurrent(weights, gate, before.hidden, out, batch)
    addInput(weights, gate, step, out)
    if (gate === N) continue
    for (let index = 0; index < size; index++) out[index] = weights.gateActivation.output(out[index])
  }
}

/** h' = (1 - z) ∘ n + z ∘ h */
function mix({ before, after, gates }: Step, size: number): void {
  const [z, n] = [block(gates, Z, size), block(gates, N, size)]
  for (let index = 0; index < size; index++)
    after.hidden[index] = (1 - z[index]) * n[index] + z[index] * before.hidden[index]
}

/** Through `mix` into δ_z and δ_n, and into ∂L/∂h_{t-1} what goes past the gates. */
function unmix(weights: Weights, { before, gates, gradient, delta, gradientBefore }: StepBack, size: number) {
  const { activation, gateActivation } = weights
  const [z, n] = [block(gates, Z, size), block(gates, N, size)]
  const [dz, dn] = [block(delta, Z, size), block(delta, N, size)]
  for (let index = 0; index < size; index++) {
    const dh = gradient.hidden[index]
    dz[index] = gateActivation.der(z[index]) * dh * (before.hidden[index] - n[index])
    dn[index] = activation.der(n[index]) * dh * (1 - z[index])
    gradientBefore.hidden[index] = dh * z[index]
  }
}

const resetAfter: KindOfForm = {
  keeps: 4,
  hasRecurrentDelta: true,

  forward(weights, step) {
    const { before, gates, batch } = step
    const size = batch * weights.hiddenSize
    openGates(weights, step)
    const [r, n, m] = [block(gates, R, size), block(gates, N, size), block(gates, M, size)]
    fillRows(m, weights.bn as Floats, batch)
    addRecurrent(weights, N, before.hidden, m, batch)
    for (let index = 0; index < size; index++)
      n[index] = weights.activation.output(n[index] + r[index] * m[index])
    mix(step, size)
  },

  backward(weights, step) {
    const { gates, delta, recurrentDelta, gradientBefore, batch } = step
    const size = batch * weights.hiddenSize
    unmix(weights, step, size)
    const [r, m] = [block(gates, R, size), block(gates, M, size)]
    const [dr, dn, dm] = [block(delta, R, size), block(delta, N, size), block(recurrentDelta, N, size)]
    for (let index = 0; index < size; index++) {
      dr[index] = weights.gateActivation.der(r[index]) * dn[index] * m[index]
      dm[index] = dn[index] * r[index]
    }
    recurrentDelta.set(delta.subarray(0, 2 * size))
    for (const gate of [R, Z, N])
      addThroughRecurrent(weights, gate, block(recurrentDelta, gate, size), gradientBefore.hidden, batch)
  },

  immediate: {
    W: (weights, { recurrentDelta, before }, out) =>
      addRecurrentPartials(weights, recurrentDelta, before.hidden, out, [R, N]),
    ...inputPartials(3),
    bn: ({ hiddenSize }, { recurrentDelta, batch }, out) =>
      addRows(out, block(recurrentDelta, N, batch * hiddenSize), batch, hiddenSize),
  },
}

/** r ∘ h_{t-1} */
const resetHidden = ({ before, gates }: Step, size: number): Floats => {
  const r = block(gates, R, size)
  return before.hidden.map((value, index) => value * r[index])
}

const resetBefore: KindOfForm = {
  keeps: 3,
  hasRecurrentDelta: false,

  forward(weights, step) {
    const { gates, batch } = step
    const size = batch * weights.hiddenSize
    openGates(weights, step)
    const n = block(gates, N, size)
    addRecurrent(weights, N, resetHidden(step, size), n, batch)
    for (let index = 0; index < size; index++) n[index] = weights.activation.output(n[index])
    mix(step, size)
  },

  backward(weights, step) {
    const { before, gates, delta, gradientBefore, batch } = step
    const size = batch * weights.hiddenSize
    unmix(weights, step, size)
    const [r, dr] = [block(gates, R, size), block(delta, R, size)]
    const throughReset = new Float64Array(size)
    addThroughRecurrent(weights, N, block(delta, N, size), throughReset, batch)
    for (let index = 0; index < size; index++) {
      dr[index] = weights.gateActivation.der(r[index]) * throughReset[index] * before.hidden[index]
      gradientBefore.hidden[index] += throughReset[index] * r[index]
    }
    for (const gate of [R, Z])
      addThroughRecurrent(weights, gate, block(delta, gate, size), gradientBefore.hidden, batch)
  },

  immediate: {
    W(weights, step, out) {
      const { delta, before, batch } = step
      const { hiddenSize } = weights
      const size = batch * hiddenSize
      addRecurrentPartials(weights, delta, before.hidden, out, [R, Z])
      addOuterProducts(
        block(out, N, hiddenSize ** 2),
        block(delta, N, size),
        resetHidden(step, size),
        hiddenSize,
        hiddenSize,
        batch,
      )
    },
    ...inputPartials(3),
  },
}

export const gru: CellKind = {
  gates: ['r', 'z', 'n'],
  hasCellState: false,
  shapes: ({ sizes: { hiddenSize }, resetAfter: after }, inputSize) => ({
    W: [3 * hiddenSize, hiddenSize],
    U: [3 * hiddenSize, inputSize],
    b: [3 * hiddenSize],
    ...(after && { bn: [hiddenSize] }),
  }),
  of: (form) => (form.resetAfter ? resetAfter : resetBefore),
}
