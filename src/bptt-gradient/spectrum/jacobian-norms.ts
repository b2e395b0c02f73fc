/**
 * How far a gradient is carried: ‖∂h_t/∂h_i‖₂, the norm of a product of step Jacobians (Pascanu, Mikolov &
 * Bengio 2013, equation 5; Goodfellow et al. 2016, section 10.7). The product itself is never built: it would
 * overflow, underflow, and lose all but its largest direction. Only vectors go through the stored factors.
 */
import { numberIn } from '../../expected'
import { largestSingularValue } from './lanczos'
import { allKnown, factorsFrom, type StepJacobians, startVector } from './step-jacobians'
import { bandScale, type Factor, logInBand, multiply, narrow, type WideVector, widen } from './wide-vector'

/**
 * ln ‖J_to · … · J_from‖₂, the largest singular value of the product, right to about 1e-11 and of any size:
 * -Infinity for a product that is zero, 0 for the empty product (to = from - 1), NaN when a factor in it is
 * not finite. Deterministic. Costs 2k (to - from + 1) S² multiplications; the Lanczos steps k are 1 for
 * orthogonal factors, some 25 for one random matrix of 32 units, 5 for a product of a hundred, and S at most.
 *
 * @param jacobians [S, S] each, consecutive; entry k is ∂s_{k+2}/∂s_{k+1}
 * @param from index of the factor that is applied first, counted from 0
 * @param to index of the factor that is applied last
 * @throws ExpectedError when an index is out of range, or the factors are not square and of one size
 */
export function jacobianProductNorm(jacobians: StepJacobians, from: number, to: number): number {
  numberIn('from', from, { min: 0, max: jacobians.length, integer: true })
  numberIn('to', to, { min: from - 1, max: jacobians.length - 1, integer: true })
  return productNorm(factorsFrom(jacobians.slice(from, to + 1)))
}

/**
 * ln ‖∂h_t/∂h_i‖₂ for i = 1 … t, entry i - 1 for i; the last is 0. NaN for each i with a factor between i and
 * t that is not finite. Costs the sum of its products: k t² S² multiplications, k as in
 * `jacobianProductNorm`.
 *
 * @param jacobians [S, S] each, of the steps 2 … T; entry k is ∂h_{k+2}/∂h_{k+1}
 * @param t from 1 to T, the number of Jacobians plus one
 * @throws ExpectedError when t is out of range, or the factors are not square and of one size
 */
export function jacobianNorms(jacobians: StepJacobians, t: number): number[] {
  numberIn('t', t, { min: 1, max: jacobians.length + 1, integer: true })
  const factors = factorsFrom(jacobians.slice(0, t - 1))
  return Array.from({ length: t }, (_, index) => productNorm(factors.slice(index)))
}

function productNorm(factors: readonly (Factor | undefined)[]): number {
  if (!allKnown(factors)) return Number.NaN
  if (factors.length === 0) return 0
  const reversed = factors.toReversed()
  let reference: number | undefined
  /** All products are measured in the band of the first, which a random vector brings near to the largest. */
  const referred = (x: WideVector): Float64Array => {
    const { values, band } = narrow(x)
    reference ??= band
    const scale = bandScale(band - reference)
    return values.map((value) => value * scale)
  }
  const apply = (v: Float64Array) => referred(factors.reduce((x, J) => multiply(J, x, false), widen(v)))
  const applyTransposed = (u: Float64Array) =>
    referred(reversed.reduce((x, J) => multiply(J, x, true), widen(u)))
  const sigma = largestSingularValue(apply, applyTransposed, startVector(factors[0].size))
  return logInBand(sigma, reference ?? 0)
}
