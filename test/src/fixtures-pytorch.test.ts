/** Networks against PyTorch: forward, loss, gradient, and the gradient's sum, term by term. See test/fixtures. */
import should from 'should'
import type { Gradient } from '../../src'
import {
  fixtures,
  forwardAgrees,
  gradientAgrees,
  type Numbers,
  type PytorchCase,
  runCase,
} from '../support/fixtures'

/** Every number that is expected, to 1e-9 of its size or of 1; what else there is does not matter. */
function numbersAgree(name: string, got: unknown, expected: Numbers): void {
  if (expected === null) should(got).equal(Number.NEGATIVE_INFINITY, name)
  else if (typeof expected === 'number')
    should(got).be.approximately(expected, 1e-9 * Math.max(1, Math.abs(expected)), name)
  else {
    if (Array.isArray(expected)) should(got).have.length(expected.length)
    for (const [key, value] of Object.entries(expected))
      numbersAgree(`${name}.${key}`, (got as Record<string, unknown>)[key], value)
  }
}

function sumAgrees({ growth, reverse, terms, factors }: Gradient, expected: PytorchCase['expected']): void {
  if (expected.growth) numbersAgree('growth', growth, expected.growth)
  should(reverse !== undefined).equal(expected.reverseGrowth !== undefined)
  if (expected.reverseGrowth) numbersAgree('reverse.growth', reverse?.growth, expected.reverseGrowth)
  numbersAgree('terms', terms, expected.terms)
  if (!expected.factors) return
  should(factors).not.have.property('omitted')
  numbersAgree('factors', factors, expected.factors)
}

describe('fixtures: PyTorch', () => {
  for (const fixture of fixtures('pytorch'))
    it(fixture.name, () => {
      const { unrolled, gradient } = runCase(fixture)
      forwardAgrees(unrolled, fixture.expected)
      gradientAgrees(gradient, fixture.expected)
      sumAgrees(gradient, fixture.expected)
    })
})
