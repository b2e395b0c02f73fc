/** A gradient on its way back: numbers times a power of two, and their norms. */
import type { Numbers } from './numbers'

/** Σ x² between these the kernel carries on as it is. */
const range = {
  float32: { smallest: 1e-30, largest: 1e30 },
  float64: { smallest: 1e-250, largest: 1e250 },
} as const

export interface Carrying {
  readonly steps: number
  readonly count: number
  /** what is carried: h, and of an LSTM c */
  readonly carried: readonly number[]
  readonly external: number
  readonly externalStride: number
  readonly norms: number
  readonly exponents: number
  readonly keepLast: number
}

/**
 * Goes through the steps of a way back.
 *
 * @param back one step: ∂L/∂h (and ∂L/∂c) in `carried` becomes that of the step before
 * @returns 0, or 1 where a norm leaves the range
 */
export function carryBack(numbers: Numbers, given: Carrying, back: (step: number) => void): number {
  const { steps, count, carried, external, externalStride, norms, exponents, keepLast } = given
  const x = numbers.all()
  const squares = numbers.doubles()
  const powers = numbers.integers()
  const { smallest, largest } = range[numbers.dtype]
  const places = carried.map((pointer) => numbers.place(pointer))
  const squaredNorm = () => {
    let sum = 0
    for (const start of places)
      for (let index = 0; index < count; index++) sum += x[start + index] * x[start + index]
    return sum
  }
  const scale = (exponent: number) => {
    for (const start of places) for (let index = 0; index < count; index++) x[start + index] *= 2 ** exponent
  }
  for (let step = 0; step < steps; step++) {
    const power = exponents / 4 + step
    const own = norms / 8 + 2 * step
    const from = numbers.place(external) + step * externalStride
    if (external && x.subarray(from, from + count).some((value) => value !== 0)) {
      scale(powers[power])
      powers[power] = 0
      for (let index = 0; index < count; index++) x[places[0] + index] += x[from + index]
    }
    squares[own] = squaredNorm()
    if (!(squares[own] <= largest)) return 1
    back(step)
    const isLast = step === steps - 1
    squares[own + 1] = isLast && !keepLast ? 0 : squaredNorm()
    if (!(squares[own + 1] <= largest)) return 1
    const tooSmall = squares[own + 1] > 0 && squares[own + 1] < smallest
    const up = tooSmall ? -Math.floor(Math.log2(squares[own + 1]) / 2) : 0
    if (up) scale(up)
    powers[power + 1] = powers[power] - up
  }
  return 0
}
