/** What is said of terms, against the plain kernel in float64. */
import fc from 'fast-check'
import should from 'should'
import { scratchCount } from '../../../src/kernel/kernel'
import { drawn, kernelKinds, onBothSides, relativeError, type Side } from '../../support/kernel-sides'

interface Shape {
  readonly steps: number
  readonly batch: number
  readonly m: number
  readonly n: number
  /** numbers between two rows of a and of b, and between two steps */
  readonly gaps: readonly [number, number, number]
  /** how much of each sequence the next one takes back, which leaves nearly nothing of the sum for 1 */
  readonly opposed: number
  readonly spread: number
  readonly seed: number
}

const gap = fc.integer({ min: 0, max: 5 })
const shapes: fc.Arbitrary<Shape> = fc.record({
  steps: fc.integer({ min: 1, max: 3 }),
  batch: fc.integer({ min: 1, max: 14 }),
  m: fc.integer({ min: 1, max: 40 }),
  n: fc.integer({ min: 1, max: 25 }),
  gaps: fc.tuple(gap, gap, gap),
  opposed: fc.constantFrom(0, 0, 0.9, 1 - 2 ** -8),
  spread: fc.constantFrom(1, 1, 2 ** -70),
  seed: fc.nat(),
})

/** Of every two sequences, the second has the b of the first and nearly its a with the other sign. */
function operands({ steps, batch, m, n, gaps, opposed, spread, seed }: Shape) {
  const [ldA, ldB] = [m + gaps[0], n + gaps[1]]
  const [aStride, bStride] = [batch * ldA + gaps[2], batch * ldB + gaps[2]]
  const a = drawn(steps * aStride, seed).map((value) => spread * value)
  const b = drawn(steps * bStride, seed + 1)
  for (let step = 0; opposed && step < steps; step++)
    for (let row = 1; row < batch; row += 2) {
      const [own, other] = [step * aStride + row * ldA, step * bStride + row * ldB]
      for (let index = 0; index < m; index++) a[own + index] = -opposed * a[own - ldA + index]
      for (let index = 0; index < n; index++) b[other + index] = b[other - ldB + index]
    }
  return { a, b, ldA, ldB, aStride, bStride }
}

const termNorms = (shape: Shape) => (side: Side) => {
  const { steps, batch, m, n } = shape
  const { a, b, ldA, ldB, aStride, bStride } = operands(shape)
  const out = side.doubles(new Float64Array(steps))
  const scratch = side.floats(new Float32Array(scratchCount(batch, m, n)))
  const first = [side.floats(a), ldA, m, aStride] as const
  side.kernel.termNorms(out, steps, batch, ...first, side.floats(b), ldB, n, bStride, scratch)
  return side.readDoubles(out, steps)
}

const ofRows = (name: 'rowSumNorms' | 'rowNorms', shape: Shape) => (side: Side) => {
  const { steps, batch, m } = shape
  const { a, ldA, aStride } = operands(shape)
  const count = name === 'rowNorms' ? steps * batch : steps
  const out = side.doubles(new Float64Array(count))
  side.kernel[name](out, steps, batch, side.floats(a), ldA, m, aStride)
  return side.readDoubles(out, count)
}

/** every number for itself */
function shouldAgree([got, right]: readonly [Float64Array, Float64Array], most: number): void {
  right.forEach((value, index) => {
    should(relativeError([got[index]], [value])).be.below(most, `${got[index]} and not ${value}`)
  })
}

for (const [dtype, build] of kernelKinds) {
  const most = dtype === 'float32' ? 1e-6 : 1e-12
  describe(`terms (${dtype}, ${build})`, () => {
    it('norms of terms, also where the sequences nearly cancel or the numbers are small', () => {
      fc.assert(
        fc.property(shapes, (shape) => {
          shouldAgree(onBothSides(dtype, build, termNorms(shape)), most)
        }),
        { numRuns: 300 },
      )
    })

    it('norms of terms of larger sizes', () => {
      const shape: Shape = {
        steps: 1,
        batch: 16,
        m: 70,
        n: 33,
        gaps: [0, 1, 2],
        opposed: 0,
        spread: 1,
        seed: 3,
      }
      for (const own of [shape, { ...shape, m: 1030 }, { ...shape, batch: 67 }, { ...shape, opposed: 0.999 }])
        shouldAgree(onBothSides(dtype, build, termNorms(own)), most)
    })

    it('norms of terms that are zero are zero', () => {
      for (const batch of [3, 40]) {
        const shape: Shape = { steps: 2, batch, m: 8, n: 9, gaps: [0, 0, 0], opposed: 0, spread: 0, seed: 3 }
        should([...onBothSides(dtype, build, termNorms(shape))[0]]).eql([0, 0])
      }
    })

    it('norms of sums of rows, and of rows', () => {
      fc.assert(
        fc.property(shapes, (shape) => {
          shouldAgree(onBothSides(dtype, build, ofRows('rowSumNorms', shape)), most)
          shouldAgree(onBothSides(dtype, build, ofRows('rowNorms', shape)), most)
        }),
        { numRuns: 150 },
      )
    })

    it('scales each step by its power of two: exactly, to 0 below the normal numbers, nothing else', () => {
      const least = dtype === 'float32' ? -126 : -1022
      fc.assert(
        fc.property(
          fc.array(
            fc.oneof(
              fc.constant(0),
              fc.integer({ min: -30, max: 0 }),
              fc.integer({ min: 3 * least, max: 0 }),
            ),
            {
              minLength: 1,
              maxLength: 5,
            },
          ),
          fc.integer({ min: 1, max: 11 }),
          gap,
          fc.nat(),
          (exponents, count, between, seed) => {
            const stride = count + between
            const large = 2 ** (-least - 6)
            const values = Array.from(drawn(exponents.length * stride, seed), (value) => large * value)
            const [got] = onBothSides(dtype, build, (side) => {
              const x = side.floats(values)
              side.kernel.scaleSteps(x, exponents.length, count, stride, side.integers(exponents))
              return side.read(x, values.length)
            })
            const right = values.map((value, index) => {
              const exponent = index % stride < count ? exponents[Math.floor(index / stride)] : 0
              const third = Math.trunc(exponent / 3)
              return value * 2 ** third * 2 ** third * 2 ** (exponent - 2 * third)
            })
            const expected = right.map((value) => (Math.abs(value) < 2 ** least ? 0 : value))
            should([...got].map((value) => value + 0)).eql(expected.map((value) => value + 0))
          },
        ),
        { numRuns: 150 },
      )
    })
  })
}
