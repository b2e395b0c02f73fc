/** The products against the plain kernel. Small whole numbers make every sum exact, so those must be equal. */
import fc from 'fast-check'
import should from 'should'
import { scratchCount } from '../../../src/kernel/kernel'
import { drawn, kernelKinds, onBothSides, relativeError, type Side } from '../../support/kernel-sides'

interface Shape {
  readonly m: number
  readonly n: number
  readonly k: number
  /** numbers between two rows of out, a, b */
  readonly gaps: readonly [number, number, number]
  readonly start: 'zero' | 'out' | 'bias'
  readonly seed: number
}

/** Small ones of every kind, and some past the blocks in which a kernel works. */
const count = (most: number) =>
  fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 20 }) }, fc.integer({ min: 21, max: most }))
const gap = fc.integer({ min: 0, max: 5 })
const shapes = (inner: number) =>
  fc.record({
    m: count(70),
    n: count(70),
    k: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 30, arbitrary: count(inner) }),
    gaps: fc.tuple(gap, gap, gap),
    start: fc.constantFrom('zero', 'out', 'bias'),
    seed: fc.nat(),
  }) as fc.Arbitrary<Shape>

/** Whole numbers from -4 to 4. */
const whole = (length: number, seed: number) => drawn(length, seed).map((value) => Math.round(4 * value))

const kinds = {
  packNT: ({ m, n, k }: Shape) => ({ a: [m, k], b: [n, k] }),
  packNN: ({ m, n, k }: Shape) => ({ a: [m, k], b: [k, n] }),
  productNT: ({ m, n, k }: Shape) => ({ a: [m, k], b: [n, k] }),
  productNN: ({ m, n, k }: Shape) => ({ a: [m, k], b: [k, n] }),
  productTN: ({ m, n, k }: Shape) => ({ a: [k, m], b: [k, n] }),
}

/** @returns out with its gaps */
const product =
  (name: keyof typeof kinds, shape: Shape, values: (count: number, seed: number) => Float32Array) =>
  (side: Side) => {
    const { m, n, k, gaps, start, seed } = shape
    const { a, b } = kinds[name](shape)
    const [ldOut, ldA, ldB] = [n + gaps[0], a[1] + gaps[1], b[1] + gaps[2]]
    const length = m * ldOut
    const out = side.floats(values(length, seed))
    const matrices = [
      out,
      ldOut,
      side.floats(values(a[0] * ldA, seed + 1)),
      ldA,
      side.floats(values(b[0] * ldB, seed + 2)),
      ldB,
    ] as const
    const bias = side.floats(values(n, seed + 3))
    const scratch = side.floats(new Float32Array(scratchCount(m, n, k)))
    const accumulate = start === 'out' ? 1 : 0
    const added = start === 'bias' ? bias : 0
    if (name === 'packNT' || name === 'packNN') {
      side.kernel[name](scratch, matrices[4], ldB, n, k)
      side.kernel.productPacked(out, ldOut, matrices[2], ldA, scratch, m, n, k, added, accumulate)
    } else if (name === 'productNT') side.kernel.productNT(...matrices, m, n, k, added, accumulate, scratch)
    else side.kernel[name](...matrices, m, n, k, accumulate, scratch)
    return side.read(out, length)
  }

for (const [dtype, build] of kernelKinds) {
  describe(`products (${dtype}, ${build})`, () => {
    for (const name of Object.keys(kinds) as (keyof typeof kinds)[]) {
      it(`${name}: of any shape, with rows apart, from 0, out or a bias; nothing else is written`, () => {
        fc.assert(
          fc.property(shapes(600), (shape) => {
            const [got, right] = onBothSides(dtype, build, product(name, shape, whole))
            should([...got]).eql([...right])
          }),
          { numRuns: 150 },
        )
      })

      it(`${name}: a long sum stays exact to ${dtype === 'float32' ? '5e-7' : '1e-14'}`, () => {
        for (const [m, n, k] of [
          [33, 20, 5000],
          [1, 24, 700],
          [2, 37, 700],
          [64, 9, 257],
        ] as const) {
          const shape: Shape = { m, n, k, gaps: [0, 1, 2], start: 'zero', seed: k }
          const [got, right] = onBothSides(dtype, build, product(name, shape, drawn))
          should(relativeError(got, right)).be.below(dtype === 'float32' ? 5e-7 : 1e-14)
        }
      })

      it(`${name}: NaN and Infinity come through`, () => {
        for (const bad of [Number.NaN, Number.POSITIVE_INFINITY])
          for (const [m, n, k] of [
            [1, 3, 5],
            [6, 11, 9],
          ] as const) {
            const shape: Shape = { m, n, k, gaps: [0, 0, 0], start: 'zero', seed: 1 }
            const ones = (length: number) => new Float32Array(length).fill(bad, 0, 1).fill(1, 1)
            const [got, right] = onBothSides(dtype, build, product(name, shape, ones))
            should([...got]).eql([...right])
            should(got[0]).be.eql(bad)
          }
      })
    }

    it('sumRows: of any shape, from 0 or out; nothing else is written', () => {
      fc.assert(
        fc.property(shapes(30), ({ m, n, gaps, start, seed }) => {
          const [got, right] = onBothSides(dtype, build, (side) => {
            const out = side.floats(whole(n + 3, seed))
            const a = side.floats(whole(m * (n + gaps[0]), seed + 1))
            side.kernel.sumRows(out, a, n + gaps[0], m, n, start === 'out' ? 1 : 0)
            return side.read(out, n + 3)
          })
          should([...got]).eql([...right])
        }),
      )
    })

    it('sumRows: a long sum stays exact', () => {
      const [rows, columns] = [100_000, 9]
      const values = drawn(rows * columns, 7).map((value) => value + 1)
      const [got, right] = onBothSides(dtype, build, (side) => {
        const out = side.floats(new Float32Array(columns))
        side.kernel.sumRows(out, side.floats(values), columns, rows, columns, 0)
        return side.read(out, columns)
      })
      should(relativeError(got, right)).be.below(dtype === 'float32' ? 5e-7 : 1e-14)
    })
  })
}
