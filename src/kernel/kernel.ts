/**
 * The hot loops behind one interface, over numbers that lie in a memory: WebAssembly (wasm.ts) and its readable
 * definition (plain/). A pointer is an offset in bytes, a multiple of 16 for the first number of a block; 0 means
 * "none". Arrays are row major; `ld…` is the distance between two rows in numbers. A stride is the distance between two
 * time steps in numbers, and may be negative: a kernel goes through its steps in the order in which it works.
 *
 * Shapes: B sequences, H hidden units, G = gates · H. Gates are in PyTorch's order (LSTM i f g o, GRU r z n), side by
 * side in a row: [B, G].
 */
import type { Dtype } from '../tensor/tensor'
import type { StepsBackward, StepsForward } from './kernel-steps'

export type { StepsBackward, StepsForward } from './kernel-steps'

/** φ of the hidden state, by number */
export const activationCodes = { linear: 0, tanh: 1, relu: 2, sigmoid: 3 } as const
/** of the gates */
export const gateActivationCodes = { sigmoid: 0, 'hard-sigmoid': 1 } as const

export interface Products {
  /** out[m,n] = (accumulate ? out : bias ? bias[n] : 0) + a[m,k] · b[n,k]ᵀ */
  productNT(
    out: number,
    ldOut: number,
    a: number,
    ldA: number,
    b: number,
    ldB: number,
    m: number,
    n: number,
    k: number,
    bias: number,
    accumulate: number,
    scratch: number,
  ): void
  /** out[m,n] = (accumulate ? out : 0) + a[m,k] · b[k,n] */
  productNN(
    out: number,
    ldOut: number,
    a: number,
    ldA: number,
    b: number,
    ldB: number,
    m: number,
    n: number,
    k: number,
    accumulate: number,
    scratch: number,
  ): void
  /** out[m,n] = (accumulate ? out : 0) + a[k,m]ᵀ · b[k,n]: a sum over k of outer products, added up in parts */
  productTN(
    out: number,
    ldOut: number,
    a: number,
    ldA: number,
    b: number,
    ldB: number,
    m: number,
    n: number,
    k: number,
    accumulate: number,
    scratch: number,
  ): void
  /** lays b[n,k] out for productPacked, in up to (n + 16) · k numbers, so that several products can use it: a · bᵀ */
  packNT(packed: number, b: number, ldB: number, n: number, k: number): void
  /** lays b[k,n] out for productPacked: a · b */
  packNN(packed: number, b: number, ldB: number, n: number, k: number): void
  /** productNT or productNN with a matrix that was packed */
  productPacked(
    out: number,
    ldOut: number,
    a: number,
    ldA: number,
    packed: number,
    m: number,
    n: number,
    k: number,
    bias: number,
    accumulate: number,
  ): void
  /** out[n] = (accumulate ? out : 0) + Σ of the m rows of a[m,n], added up in parts */
  sumRows(out: number, a: number, ldA: number, m: number, n: number, accumulate: number): void
}

/** What is said of the terms δ_tᵀ h_{t-1} of a sum over time. `a` and `b` have one block a step, [B, m] and [B, n]. */
export interface Terms {
  /** out float64 [steps]: Σ of the squares of a_tᵀ b_t, by the Gram matrices of both or by the product, whichever is less work */
  termNorms(
    out: number,
    steps: number,
    batch: number,
    a: number,
    ldA: number,
    m: number,
    aStride: number,
    b: number,
    ldB: number,
    n: number,
    bStride: number,
    scratch: number,
  ): void
  /** out float64 [steps]: Σ of the squares of Σ_b a_t[b] */
  rowSumNorms(
    out: number,
    steps: number,
    batch: number,
    a: number,
    ldA: number,
    m: number,
    aStride: number,
  ): void
  /** out float64 [steps, B]: Σ of the squares of each row a_t[b] */
  rowNorms(
    out: number,
    steps: number,
    batch: number,
    a: number,
    ldA: number,
    m: number,
    aStride: number,
  ): void
  /** each step's block [count] · 2^exponents[step]; what becomes smaller than any normal number becomes 0 */
  scaleSteps(x: number, steps: number, count: number, stride: number, exponents: number): void
}

export interface Updates {
  /** Σ x², as float64 */
  squaredNorm(x: number, count: number): number
  /**
   * loss = factor · Σ (output - target)², and der = 2 · factor · (output - target)
   *
   * @returns the loss
   */
  meanSquaredError(output: number, target: number, der: number, count: number, factor: number): number
  /**
   * Adam (Kingma & Ba 2015, as torch.optim.Adam without amsgrad and decay): m ← β₁ m + (1-β₁) g, v ← β₂ v + (1-β₂) g²,
   * θ ← θ - learningRate · m / (1-β₁ᵗ) / (√(v / (1-β₂ᵗ)) + ε), g being gradient · gradientScale.
   */
  adam(
    parameters: number,
    gradient: number,
    first: number,
    second: number,
    count: number,
    gradientScale: number,
    learningRate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    step: number,
  ): void
  /** torch.optim.SGD: buffer ← momentum · buffer + g (g itself in step 1), θ ← θ - learningRate · (momentum ? buffer : g) */
  sgd(
    parameters: number,
    gradient: number,
    buffer: number,
    count: number,
    gradientScale: number,
    learningRate: number,
    momentum: number,
    step: number,
  ): void
  /** φ of every number, in place: what the step kernels use within */
  activate(x: number, count: number, activation: number): void
}

export interface Kernel extends Products, StepsForward, StepsBackward, Terms, Updates {
  readonly dtype: Dtype
}

/** Where a kernel may write: the first bytes of a memory are its own. */
export const firstFreeByte = 4096

/** Numbers of scratch a kernel needs at most, for products with up to n columns out and a sum over up to k. */
export const scratchCount = (batch: number, columns: number, inner: number): number => {
  const padded = (count: number) => Math.ceil(count / 16) * 16
  return (
    padded(columns) * padded(inner) + // a packed matrix of weights
    2 * 512 * (padded(columns) + padded(inner)) + // packed stretches of a sum of outer products
    3 * padded(batch) * padded(Math.max(columns, inner)) + // a step's temporary rows
    2 * padded(batch) * padded(batch) // Gram matrices
  )
}
