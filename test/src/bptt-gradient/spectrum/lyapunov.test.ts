/** The leading Lyapunov exponent of maps where it is known. */
import should from 'should'
import { leadingLyapunovExponent } from '../../../../src/bptt-gradient/spectrum/lyapunov'
import { throwsExpected } from '../../../support/throws'
import { diagonal, flat, normal, product, type Rows, times } from './matrices'

const exponent = (jacobians: Rows[]) => leadingLyapunovExponent(jacobians.map(flat))
const repeated = (count: number, rows: Rows): Rows[] => new Array<Rows>(count).fill(rows)
const rotation = (angle: number): Rows => [
  [Math.cos(angle), -Math.sin(angle)],
  [Math.sin(angle), Math.cos(angle)],
]
const close = (actual: number, wanted: number, within = 1e-12) =>
  should(actual).be.approximately(wanted, within)

describe('leadingLyapunovExponent', () => {
  it('is ln of the largest factor of a linear map', () => {
    close(exponent(repeated(400, diagonal(2, 0.5))), Math.log(2))
    close(exponent(repeated(400, diagonal(0.5, 0.25, -0.1))), Math.log(0.5))
    const similar = product(rotation(0.3), product(diagonal(3, 0.2), rotation(-0.3)))
    close(exponent(repeated(300, similar)), Math.log(3))
  })

  it('is 0 for rotations', () => {
    close(exponent(Array.from({ length: 500 }, (_, k) => rotation(k * k))), 0)
  })

  it('neither overflows nor underflows', () => {
    for (const power of [1000, -1000])
      close(exponent(repeated(500, diagonal(2 ** power, 2 ** (power - 5)))), power * Math.LN2, 1e-9)
  })

  it('is -Infinity when nothing is left of the tangent vector', () => {
    const nilpotent = [
      [0, 0],
      [5, 0],
    ]
    should(exponent(repeated(2, nilpotent))).equal(Number.NEGATIVE_INFINITY)
    should(exponent(repeated(100, nilpotent))).equal(Number.NEGATIVE_INFINITY)
    should(exponent([...repeated(50, diagonal(2, 3)), diagonal(0, 0)])).equal(Number.NEGATIVE_INFINITY)
  })

  it('follows a component that comes from far below', () => {
    const jacobians = [...repeated(100, diagonal(1, 1e-10)), ...repeated(900, diagonal(0, 0.1))]
    close(exponent(jacobians), (-1900 / 900) * Math.LN10, 0.01)
  })

  it('leaves the first tenth out', () => {
    close(exponent([...repeated(10, diagonal(100, 100)), ...repeated(90, diagonal(2, 2))]), Math.log(2))
    close(
      exponent([...repeated(11, diagonal(100, 100)), ...repeated(89, diagonal(2, 2))]),
      Math.log(2) + Math.log(50) / 90,
    )
    close(exponent([diagonal(8, 8), ...repeated(2, diagonal(1, 1))]), Math.log(2))
  })

  it('is ½ ln |4 + 2r - r²| for the logistic map on its cycle of two', () => {
    const r = 3.2
    const root = Math.sqrt((r - 3) * (r + 1))
    const points = [(r + 1 + root) / (2 * r), (r + 1 - root) / (2 * r)]
    const jacobians = Array.from({ length: 1000 }, (_, k) => [[r * (1 - 2 * points[k % 2])]])
    close(exponent(jacobians), Math.log(Math.abs(4 + 2 * r - r * r)) / 2)
  })

  it('is 0.419 for the Hénon map (a = 1.4, b = 0.3), and to 1e-9 what a tangent vector says here', () => {
    const steps = 100_000
    let [x, y] = [0.1, 0.1]
    const jacobians: Rows[] = []
    for (let step = 0; step < steps; step++) {
      jacobians.push([
        [-2.8 * x, 1],
        [0.3, 0],
      ])
      ;[x, y] = [1 - 1.4 * x * x + y, 0.3 * x]
    }
    let [u, v] = [1, 0]
    let sum = 0
    for (const [step, [[a, b], [c]]] of jacobians.entries()) {
      const [next, below] = [a * u + b * v, c * u]
      const length = Math.hypot(next, below)
      ;[u, v] = [next / length, below / length]
      if (step >= steps / 10) sum += Math.log(length)
    }
    const found = exponent(jacobians)
    close(found, 0.419, 0.003)
    close(found, sum / (0.9 * steps), 1e-9)
  })

  it('is NaN when a factor is not finite', () => {
    should(exponent([diagonal(1, 1), diagonal(Number.NaN, 1)])).be.NaN()
    should(exponent([diagonal(1, Number.POSITIVE_INFINITY)])).be.NaN()
  })

  it('gives the same number each time', () => {
    const jacobians = Array.from({ length: 5 }, (_, k) => normal(4, k + 1))
    should(exponent(jacobians)).equal(exponent(jacobians))
  })

  it('wants square factors of one size, at least one', () => {
    throwsExpected(() => exponent([]), 'expected at least one step Jacobian, got none')
    throwsExpected(() => exponent([diagonal(1, 1), diagonal(1)]), /of one size, 4 numbers, got one of 1/)
    throwsExpected(() => leadingLyapunovExponent([new Float64Array(3)]), /square/)
    should(exponent(repeated(3, times(diagonal(1, 1), 1)))).equal(0)
  })
})
