/** Updates against the plain kernel in float64. */
import fc from 'fast-check'
import should from 'should'
import { drawn, kernelKinds, onBothSides, relativeError, type Side } from '../../support/kernel-sides'

const counts = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 41, max: 1500 }) },
)
/** behind the numbers lies another that must stay */
const guard = 0.25
const guarded = (values: Float32Array) => Float32Array.of(...values, guard)

function shouldAgree(got: ArrayLike<number>, right: ArrayLike<number>, most: number): void {
  should(relativeError(got, right)).be.below(most)
  should(got[got.length - 1]).equal(guard)
}

for (const [dtype, build] of kernelKinds) {
  const most = dtype === 'float32' ? 3e-7 : 1e-15
  describe(`updates (${dtype}, ${build})`, () => {
    it('squaredNorm, of any count and size of numbers', () => {
      fc.assert(
        fc.property(counts, fc.constantFrom(1, 2 ** -90, 2 ** 100), fc.nat(), (count, spread, seed) => {
          const [got, right] = onBothSides(dtype, build, (side) =>
            side.kernel.squaredNorm(
              side.floats(guarded(drawn(count, seed).map((value) => spread * value))),
              count,
            ),
          )
          should(got / right).be.approximately(1, dtype === 'float32' ? 1e-6 : 1e-13)
        }),
      )
    })

    it('squaredNorm of NaN is NaN, and of infinity infinite', () => {
      for (const [value, squared] of [
        [Number.NaN, Number.NaN],
        [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
      ]) {
        const [got] = onBothSides(dtype, build, (side) =>
          side.kernel.squaredNorm(side.floats([1, 2, value, 3, 4]), 5),
        )
        should([got]).eql([squared])
      }
    })

    it('meanSquaredError: the loss and its derivative', () => {
      fc.assert(
        fc.property(
          counts,
          fc.double({ min: 0.01, max: 3, noNaN: true }),
          fc.nat(),
          (count, factor, seed) => {
            const [got, right] = onBothSides(dtype, build, (side) => {
              const [output, target] = [side.floats(drawn(count, seed)), side.floats(drawn(count, seed + 1))]
              const der = side.floats(guarded(new Float32Array(count)))
              const loss = side.kernel.meanSquaredError(output, target, der, count, factor)
              return { loss, der: side.read(der, count + 1) }
            })
            should(got.loss / right.loss).be.approximately(1, most)
            shouldAgree(got.der, right.der, most)
          },
        ),
      )
    })

    it('adam, over several steps, as long as they may be', () => {
      fc.assert(
        fc.property(
          counts,
          fc.constantFrom(1, 7, 100_000),
          fc.constantFrom(1, 0.01),
          fc.nat(),
          (count, from, scale, seed) => {
            const [got, right] = onBothSides(dtype, build, (side) => {
              const [parameters, first, second] = [0, 1, 2].map((index) =>
                side.floats(
                  guarded(drawn(count, seed + index).map((value) => (index === 2 ? value * value : value))),
                ),
              )
              for (let step = from; step < from + 3; step++) {
                const gradient = side.floats(drawn(count, seed + step))
                side.kernel.adam(
                  parameters,
                  gradient,
                  first,
                  second,
                  count,
                  scale,
                  0.01,
                  0.9,
                  0.999,
                  1e-8,
                  step,
                )
              }
              return [parameters, first, second].map((pointer) => side.read(pointer, count + 1))
            })
            // 1 - β₂ taken from 0.999 itself, and a mean over steps
            for (const index of [0, 1, 2]) shouldAgree(got[index], right[index], 3 * most)
          },
        ),
      )
    })

    it('adam begins with steps of the learning rate, whatever the gradient', () => {
      const [got] = onBothSides(dtype, build, (side) => {
        const [parameters, first, second] = [0, 1, 2].map(() => side.floats(new Float32Array(3)))
        const gradient = side.floats([4, -0.5, 1e-3])
        side.kernel.adam(parameters, gradient, first, second, 3, 1, 0.125, 0.9, 0.999, 1e-12, 1)
        return side.read(parameters, 3)
      })
      should(relativeError(got, [-0.125, 0.125, -0.125])).be.below(1e-6)
    })

    it('sgd, with momentum and without', () => {
      const sgd = (count: number, momentum: number, from: number, seed: number) => (side: Side) => {
        const parameters = side.floats(guarded(drawn(count, seed)))
        const buffer = momentum ? side.floats(guarded(drawn(count, seed + 1))) : 0
        for (let step = from; step < from + 3; step++) {
          const gradient = side.floats(drawn(count, seed + step))
          side.kernel.sgd(parameters, gradient, buffer, count, 0.5, 0.1, momentum, step)
        }
        return [parameters, ...(buffer ? [buffer] : [])].map((pointer) => side.read(pointer, count + 1))
      }
      fc.assert(
        fc.property(
          counts,
          fc.constantFrom(0, 0.9),
          fc.constantFrom(1, 5),
          fc.nat(),
          (count, momentum, from, seed) => {
            const [got, right] = onBothSides(dtype, build, sgd(count, momentum, from, seed))
            right.forEach((values, index) => {
              shouldAgree(got[index], values, most)
            })
          },
        ),
      )
    })
  })
}
