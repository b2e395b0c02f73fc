/**
 * The leading Lyapunov exponent of the states that a network went through: Benettin, Galgani, Giorgilli &
 * Strelcyn 1980. A tangent vector is carried along the trajectory, and its mean growth per step is the
 * exponent.
 */
import { ExpectedError } from '../../expected'
import { allKnown, factorsFrom, type StepJacobians, startVector } from './step-jacobians'
import { type Factor, logNorm, multiply, type WideVector, widen } from './wide-vector'

/**
 * The part of the steps in which the tangent vector turns towards the leading direction, and is not measured.
 */
const transient = 1 / 10

/**
 * λ = 1/(n - m) ln(‖x_n‖ / ‖x_m‖), x_k = J_k x_{k-1}, over n steps of which the first m = ⌊n/10⌋ are the
 * transient. In nats per step: above 0 neighbouring states part and gradients explode, below 0 they meet and
 * gradients vanish. -Infinity when the vector becomes exactly zero (nilpotent factors, dead ReLUs); NaN when
 * a factor is not finite. x_0 is random, the same every time. Costs n S² multiplications.
 *
 * @param jacobians n matrices [S, S], row major, consecutive steps of one trajectory
 * @throws ExpectedError when there are none, or they are not square and of one size
 */
export function leadingLyapunovExponent(jacobians: StepJacobians): number {
  if (jacobians.length === 0) throw new ExpectedError('at least one step Jacobian', 'none')
  const factors = factorsFrom(jacobians)
  if (!allKnown(factors)) return Number.NaN
  const skipped = Math.floor(factors.length * transient)
  const carry = (x: WideVector, J: Factor) => multiply(J, x, false)
  const along = factors.slice(0, skipped).reduce(carry, widen(startVector(factors[0].size)))
  const end = factors.slice(skipped).reduce(carry, along)
  const grown = logNorm(end)
  return grown === Number.NEGATIVE_INFINITY ? grown : (grown - logNorm(along)) / (factors.length - skipped)
}
