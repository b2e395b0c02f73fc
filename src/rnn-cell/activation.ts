/** φ beside its derivative. The derivative is written with the output h = φ(a), so that a need not be kept. */
export interface Activation {
  /** h = φ(a) */
  readonly output: (a: number) => number
  /** φ'(a), given h = φ(a) */
  readonly der: (h: number) => number
}

export const activations = {
  tanh: { output: Math.tanh, der: (h) => 1 - h * h },
  relu: { output: (a) => (a > 0 || Number.isNaN(a) ? a : 0), der: (h) => (h > 0 ? 1 : 0) },
  sigmoid: { output: (a) => 1 / (1 + Math.exp(-a)), der: (h) => h * (1 - h) },
  linear: { output: (a) => a, der: () => 1 },
} satisfies Record<string, Activation>

export type ActivationName = keyof typeof activations

export const activationNames = Object.keys(activations) as ActivationName[]
