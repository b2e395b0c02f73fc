/** φ by its number, beside φ' written with h = φ(a), both limited to ±clip as ONNX has it. */
import type { Dtype } from '../../tensor/tensor'
import { activationCodes, gateActivationCodes } from '../kernel'

export interface Phi {
  readonly output: (a: number) => number
  readonly der: (h: number) => number
}

const sigmoid: Phi = { output: (a) => 1 / (1 + Math.exp(-a)), der: (h) => h * (1 - h) }

const activations: Record<number, Phi> = {
  [activationCodes.linear]: { output: (a) => a, der: () => 1 },
  [activationCodes.tanh]: { output: Math.tanh, der: (h) => 1 - h * h },
  [activationCodes.relu]: {
    output: (a) => (a > 0 || Number.isNaN(a) ? a : 0),
    der: (h) => (h > 0 ? 1 : 0),
  },
  [activationCodes.sigmoid]: sigmoid,
}

const gateActivations: Record<number, Phi> = {
  [gateActivationCodes.sigmoid]: sigmoid,
  [gateActivationCodes['hard-sigmoid']]: {
    output: (a) => Math.min(Math.max(0.2 * a + 0.5, 0), 1),
    der: (h) => (h > 0 && h < 1 ? 0.2 : 0),
  },
}

export const phi = (code: number, clip: number, dtype: Dtype): Phi => limited(activations[code], clip, dtype)
export const gatePhi = (code: number, clip: number, dtype: Dtype): Phi =>
  limited(gateActivations[code], clip, dtype)

function limited(own: Phi, clip: number, dtype: Dtype): Phi {
  if (clip === Number.POSITIVE_INFINITY) return own
  const stored = (h: number) => (dtype === 'float32' ? Math.fround(h) : h)
  const [lowest, highest] = [stored(own.output(-clip)), stored(own.output(clip))]
  return {
    output: (a) => own.output(a > clip ? clip : a < -clip ? -clip : a),
    der: (h) => (h >= highest || h <= lowest ? 0 : own.der(h)),
  }
}
