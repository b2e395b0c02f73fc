/**
 * The largest singular value of a matrix that is only known by its products with vectors: Golub & Kahan 1965,
 * bidiagonalisation by Lanczos steps, with full reorthogonalisation. Plain power iteration, which is this
 * method with one vector kept, needs 1/(1 - σ₂/σ₁) steps; this one needs about the square root of that, and
 * at most S.
 */
import { Matrix, SingularValueDecomposition } from 'ml-matrix'
import { norm } from '../../tensor/norm'

type Apply = (vector: Float64Array) => Float64Array

/** Relative to σ₁: where a residual counts as converged. */
const tolerance = 1e-12
/** Relative to the largest number met: a direction below this is rounding. */
const rounding = 1e-14

/**
 * σ₁ of A [S, S], to about twelve digits. All numbers on the way must be doubles with room to be squared.
 *
 * @param apply A x
 * @param applyTransposed Aᵀ x
 * @param start a vector [S] that is not orthogonal to the right singular vector: a random one
 */
export function largestSingularValue(apply: Apply, applyTransposed: Apply, start: Float64Array): number {
  const size = start.length
  const left: Float64Array[] = []
  const right = [divided(start, norm(start))]
  const diagonal: number[] = []
  const above: number[] = []
  let largest = 0
  let nextCheck = 1
  for (;;) {
    const steps = right.length
    const u = orthogonalised(apply(right[steps - 1]), left)
    const alpha = norm(u)
    largest = Math.max(largest, alpha)
    diagonal.push(alpha)
    if (alpha <= rounding * largest) return top(diagonal, above).sigma
    left.push(divided(u, alpha))

    const v = orthogonalised(applyTransposed(left[steps - 1]), right)
    const beta = norm(v)
    largest = Math.max(largest, beta)
    if (steps === size) return top(diagonal, above).sigma
    if (steps === nextCheck || beta <= rounding * largest) {
      const { sigma, last } = top(diagonal, above)
      if (beta * Math.abs(last) <= tolerance * sigma) return sigma
      nextCheck = Math.ceil(nextCheck * 1.25)
    }
    above.push(beta)
    right.push(divided(v, beta))
  }
}

/** σ₁ of the bidiagonal matrix, and the last component of its left singular vector. */
function top(diagonal: readonly number[], above: readonly number[]): { sigma: number; last: number } {
  const size = diagonal.length
  const bidiagonal = Matrix.zeros(size, size)
  for (const [index, value] of diagonal.entries()) bidiagonal.set(index, index, value)
  for (const [index, value] of above.entries()) bidiagonal.set(index, index + 1, value)
  const svd = new SingularValueDecomposition(bidiagonal, { computeRightSingularVectors: false })
  return { sigma: svd.norm2, last: svd.leftSingularVectors.get(size - 1, 0) }
}

const divided = (vector: Float64Array, by: number) => vector.map((value) => value / by)

/** What is left of the vector outside of the basis: modified Gram-Schmidt, twice. */
function orthogonalised(vector: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const rest = vector.slice()
  for (const direction of [...basis, ...basis]) {
    let along = 0
    for (let index = 0; index < rest.length; index++) along += direction[index] * rest[index]
    for (let index = 0; index < rest.length; index++) rest[index] -= along * direction[index]
  }
  return rest
}
