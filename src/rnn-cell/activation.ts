/** φ beside its derivative. The derivative is written with the output h = φ(a), so that a need not be kept. */
import type { Dtype } from '../tensor/tensor'

export interface Activation {
  /** h = φ(a) */
  readonly output: (a: number) => number
  /** φ'(a), given h = φ(a) */
  readonly der: (h: number) => number
}

const sigmoid: Activation = { output: (a) => 1 / (1 + Math.exp(-a)), der: (h) => h * (1 - h) }

export const activations = {
  tanh: { output: Math.tanh, der: (h) => 1 - h * h },
  relu: { output: (a) => (a > 0 || Number.isNaN(a) ? a : 0), der: (h) => (h > 0 ? 1 : 0) },
  sigmoid,
  linear: { output: (a) => a, der: () => 1 },
} satisfies Record<string, Activation>

export type ActivationName = keyof typeof activations
export const activationNames = Object.keys(activations) as ActivationName[]

/** Of the gates of a GRU or LSTM. */
export const gateActivations = {
  sigmoid,
  /** clip(0.2 a + 0.5, 0, 1): ONNX's HardSigmoid, Keras 1 and 2's hard_sigmoid */
  'hard-sigmoid': {
    output: (a) => Math.min(Math.max(0.2 * a + 0.5, 0), 1),
    der: (h) => (h > 0 && h < 1 ? 0.2 : 0),
  },
} satisfies Record<string, Activation>

export type GateActivationName = keyof typeof gateActivations
export const gateActivationNames = Object.keys(gateActivations) as GateActivationName[]

/**
 * φ(min(max(a, -clip), clip)), ONNX's `clip`: its derivative is 0 where a was limited. φ never falls, so that is where
 * h has come to φ(clip) or φ(-clip), as they are stored.
 */
export function limited(activation: Activation, clip: number | undefined, precision: Dtype): Activation {
  if (clip === undefined) return activation
  const stored = (h: number) => (precision === 'float32' ? Math.fround(h) : h)
  const highest = stored(activation.output(clip))
  const lowest = stored(activation.output(-clip))
  return {
    // the comparisons let NaN through, which Math.min and Math.max do as well
    output: (a) => activation.output(a > clip ? clip : a < -clip ? -clip : a),
    der: (h) => (h >= highest || h <= lowest ? 0 : activation.der(h)),
  }
}
