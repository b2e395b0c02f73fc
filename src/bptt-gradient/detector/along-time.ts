/** Measures of a gradient along time. All factors are natural logarithms, so that they hold at e^±700 and beyond. */

export interface Span {
  /** the logarithm of the factor by which what is carried is multiplied */
  readonly total: number
  readonly first: number
  readonly last: number
}

/**
 * The run of steps back with the largest sum (Kadane's algorithm), from state `last` back to state `first`.
 *
 * @param logs entry 0 is the step from state 2 back to state 1
 * @param sign -1 for the span with the smallest sum, whose total is then that sum with its sign changed
 */
export function steepestSpan(logs: readonly number[], sign = 1): Span {
  const best = { total: 0, first: 0, last: 0 }
  let total = 0
  let first = 1
  for (let index = 0; index < logs.length; index++) {
    if (total <= 0) {
      total = 0
      first = index + 1
    }
    total += sign * logs[index]
    if (total <= best.total) continue
    best.total = total
    best.first = first
    best.last = index + 2
  }
  return best
}

/** Fewer points than these make no trend. */
const leastPoints = 10

/**
 * The straight line through a growth curve by least squares: how much ∂L/∂h grows with one step back, on average from
 * state `last` to state `first`. Steps where ∂L/∂h is zero have no logarithm and are left out.
 *
 * @param growth log ‖∂L/∂h_i‖, entry 0 is step 1
 * @returns undefined for fewer than `leastPoints` steps
 */
export function slopeBack(growth: readonly number[]): Span | undefined {
  const steps: number[] = []
  let sumOfSteps = 0
  let sumOfGrowth = 0
  for (let index = 0; index < growth.length; index++) {
    if (!Number.isFinite(growth[index])) continue
    steps.push(index)
    sumOfSteps += index
    sumOfGrowth += growth[index]
  }
  if (steps.length < leastPoints) return undefined
  const middle = sumOfSteps / steps.length
  const level = sumOfGrowth / steps.length
  let covariance = 0
  let variance = 0
  for (const index of steps) {
    covariance += (index - middle) * (growth[index] - level)
    variance += (index - middle) ** 2
  }
  return { total: 0 - covariance / variance, first: steps[0] + 1, last: steps[steps.length - 1] + 1 }
}

export interface Ratio {
  /** the logarithm of the largest early term over the largest late one */
  readonly total: number
  /** [first, last] step of the early quarter and of the late quarter */
  readonly early: readonly [number, number]
  readonly late: readonly [number, number]
}

/**
 * Early against late terms: the largest of the first quarter of the steps over the largest of the last. The steps are
 * those from the first term to the last that is not zero: a decoder's terms begin after the encoder, the first
 * term of W is zero with a zero initial state, and nothing comes after the last loss.
 *
 * @param terms norms, entry 0 is step 1
 * @returns undefined for fewer than four such steps
 */
export function earlyToLate(terms: readonly number[]): Ratio | undefined {
  const first = terms.findIndex((term) => term > 0)
  const last = terms.findLastIndex((term) => term > 0)
  const quarter = Math.floor((last - first + 1) / 4)
  if (quarter < 1) return undefined
  const largest = (from: number) =>
    terms.slice(from, from + quarter).reduce((most, term) => Math.max(most, term), 0)
  return {
    total: Math.log(largest(first)) - Math.log(largest(last - quarter + 1)),
    early: [first + 1, first + quarter],
    late: [last - quarter + 2, last + 1],
  }
}
