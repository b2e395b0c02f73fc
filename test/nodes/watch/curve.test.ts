/** A curve in bounded memory: what is kept was added, peaks are never lost, and the last point is always there. */
import fc from 'fast-check'
import should from 'should'
import { curve } from '../../../nodes/watch/curve'

const sizes = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 3000 })

describe('curve', () => {
  it('keeps at most so many points (and the last), all of them added, in order', () => {
    fc.assert(
      fc.property(sizes, fc.constantFrom(2, 10, 100), (values, most) => {
        const kept = curve<[number, number]>(most, ([, size]) => size)
        values.forEach((value, index) => {
          kept.add([index, value])
        })
        const points = kept.points()
        should(points.length).be.belowOrEqual(most + 1)
        should(points.every(([index, value]) => values[index] === value)).be.true()
        should(points.map(([index]) => index)).eql(
          [...new Set(points.map(([index]) => index))].sort((a, b) => a - b),
        )
        should(points.at(-1)?.[0]).equal(values.length - 1)
        should(Math.max(...points.map(([, value]) => value))).equal(Math.max(...values))
      }),
    )
  })

  it('spreads what it keeps evenly, however long it grows', () => {
    const kept = curve<number>(100, () => 0)
    for (let index = 0; index < 100_000; index++) kept.add(index)
    const points = kept.points()
    const gaps = points.slice(1).map((point, index) => point - points[index])
    should(points.length).be.above(49)
    should(Math.max(...gaps)).be.belowOrEqual(4 * (100_000 / points.length))
  })

  it('keeps what is not finite as the largest of all', () => {
    const kept = curve<[number, number]>(4, ([, size]) => size)
    for (let index = 0; index < 50; index++) kept.add([index, index === 17 ? Number.NaN : 1])
    should(kept.points().map(([index]) => index)).containEql(17)
  })

  it('begins again', () => {
    const kept = curve<number>(4, () => 0)
    for (let index = 0; index < 9; index++) kept.add(index)
    kept.clear()
    should(kept.points()).eql([])
    kept.add(1)
    should(kept.points()).eql([1])
  })
})
