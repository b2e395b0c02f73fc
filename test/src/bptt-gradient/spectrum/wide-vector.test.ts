/** Components far outside of floating point, beside others that are not. */
import should from 'should'
import {
  factor,
  logInBand,
  logNorm,
  multiply,
  narrow,
  type WideVector,
  widen,
} from '../../../../src/bptt-gradient/spectrum/wide-vector'
import { diagonal, flat, type Rows } from './matrices'

const ones = () => widen(Float64Array.of(1, 1))
const through = (x: WideVector, rows: Rows, times = 1): WideVector =>
  Array.from({ length: times }).reduce<WideVector>(
    (so) => multiply(factor(flat(rows), rows.length), so, false),
    x,
  )
const logs = ({ values, bands }: WideVector) =>
  [...values].map((value, index) => logInBand(value, bands[index]))

describe('a wide vector', () => {
  it('keeps a component that has shrunk to 1e-3000 of the other, and lets it win in the end', () => {
    const shrunk = through(ones(), diagonal(1, 1e-300), 10)
    should(logs(shrunk)[1]).be.approximately(-3000 * Math.LN10, 1e-9)
    const [first, second] = logs(through(shrunk, diagonal(1e-200, 1e300), 20))
    should(first).be.approximately(-4000 * Math.LN10, 1e-9)
    should(second).be.approximately(3000 * Math.LN10, 1e-9)
  })

  it('adds components of any distance, in either order, to the larger one', () => {
    for (const [large, small] of [
      [0, 1],
      [1, 0],
    ]) {
      const scales = large === 0 ? [1, 1e-300] : [1e-300, 1]
      const apart = through(ones(), diagonal(...scales), 10)
      const sum = through(apart, [
        [3, 3],
        [5, 5],
      ])
      logs(sum).forEach((log, row) => {
        should(log).be.approximately(Math.log([3, 5][row]), 1e-15)
      })
      should(narrow(apart).values[small]).equal(0)
    }
  })

  it('adds what is near to the last digit, where both count', () => {
    // 2^-60 and 2^-70 of one component, in different bands: 2^-60 (1 + 2^-10)
    const x = widen(Float64Array.of(2 ** -60, 2 ** -70))
    should(new Set(x.bands).size).equal(2)
    const sums = through(x, [
      [1, 1],
      [1, 1],
    ])
    should(logs(sums)).eql(new Array(2).fill(Math.log(2 ** -60 + 2 ** -70)))
  })

  it('of zeros stays zero', () => {
    const none = through(widen(new Float64Array(2)), diagonal(1e300, 1e-300))
    should(logNorm(none)).equal(Number.NEGATIVE_INFINITY)
    should(narrow(none).band).equal(0)
  })

  it('goes through a matrix of numbers far apart, either way', () => {
    const J = factor(
      flat([
        [1e-200, 1e200],
        [1, 0],
      ]),
      2,
    )
    should(logs(multiply(J, ones(), false))[0]).be.approximately(200 * Math.LN10, 1e-12)
    should(logs(multiply(J, ones(), false))[1]).equal(0)
    should(logs(multiply(J, ones(), true))[0]).equal(0)
    should(logs(multiply(J, ones(), true))[1]).be.approximately(200 * Math.LN10, 1e-12)
  })
})
