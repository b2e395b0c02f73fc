/** Networks run by a program, held to the same taken step by step. */
import fc from 'fast-check'
import should from 'should'
import { bpttGradient, type Dtype, type Gradient, type Unrolled, unroll } from '../../../../src'
import { runnerWithTape } from '../../../../src/unroll/programs'
import { type Case, cases, relativeError } from '../../../support/networks'

const bounds = { float32: 2e-5, float64: 1e-11 } as const

const isByProgram = (unrolled: Unrolled): boolean => runnerWithTape(unrolled) !== undefined

function shouldBeSameStates(a: Unrolled, b: Unrolled, bound: number): void {
  a.strands.forEach(({ hidden, cellState }, strand) => {
    should(relativeError(hidden.data, b.strands[strand].hidden.data, 1e-3)).be.below(bound)
    if (cellState)
      should(
        relativeError(cellState.data, b.strands[strand].cellState?.data ?? new Float64Array(0), 1e-3),
      ).be.below(bound)
  })
  should(relativeError(a.logits.data, b.logits.data, 1e-3)).be.below(bound)
  should(relativeError(a.outputs.data, b.outputs.data, 1e-3)).be.below(bound)
}

const logsAreNear = (a: readonly number[], b: readonly number[], bound: number): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index] || Math.abs(value - b[index]) < bound)

function shouldBeSameGradient(a: Gradient, b: Gradient, bound: number): void {
  const floor = 1e-3 * b.norm
  should(a.loss).be.approximately(b.loss, bound * Math.max(1, Math.abs(b.loss)))
  for (const name of Object.keys(b.parameters)) {
    const error = relativeError(a.parameters[name].data, b.parameters[name].data, floor)
    if (!(error < bound)) throw new Error(`${name} is off by ${error}`)
    const ofTerms = relativeError(a.terms[name], b.terms[name], floor)
    if (!(ofTerms < 10 * bound)) throw new Error(`terms of ${name} are off by ${ofTerms}`)
  }
  for (const [own, other] of [
    [a, b],
    [a.reverse, b.reverse],
  ] as const) {
    should(own === undefined).equal(other === undefined)
    if (!own || !other) continue
    if (!logsAreNear(own.growth, other.growth, 100 * bound))
      throw new Error(`growth ${own.growth}\nnot   ${other.growth}`)
    if (!logsAreNear(own.carry, other.carry, 100 * bound))
      throw new Error(`carry ${own.carry}\nnot   ${other.carry}`)
  }
}

function both({ cell, inputs, targets, unroll: options, loss }: Case): {
  unrolled: [Unrolled, Unrolled]
  gradient: [Gradient, Gradient]
} {
  const fast = unroll(cell, inputs, options)
  const plain = unroll(cell, inputs, { ...options, kernel: 'reference' })
  return {
    unrolled: [fast, plain],
    gradient: [
      bpttGradient(fast, targets, loss),
      bpttGradient(plain, targets, { ...loss, kernel: 'reference' }),
    ],
  }
}

describe('a program', () => {
  for (const precision of ['float64', 'float32'] as const satisfies readonly Dtype[]) {
    it(`gives the states, outputs, gradients, terms and growth of every network in ${precision}`, () => {
      let byProgram = 0
      fc.assert(
        fc.property(cases(precision, 12), (network) => {
          const { unrolled, gradient } = both(network)
          if (isByProgram(unrolled[0])) byProgram += 1
          shouldBeSameStates(...unrolled, bounds[precision])
          shouldBeSameGradient(...gradient, bounds[precision])
        }),
        { numRuns: 400 },
      )
      // the others hear what they said
      should(byProgram).be.above(200)
    })
  }

  it('gives the terms of each sequence', () => {
    fc.assert(
      fc.property(cases('float64', 8), (network) => {
        const { cell, inputs, targets, unroll: options, loss } = network
        const terms = (kernel: 'auto' | 'reference') =>
          bpttGradient(unroll(cell, inputs, options), targets, { ...loss, kernel, terms: 'sequence' })
            .sequenceTerms ?? {}
        const [fast, plain] = [terms('auto'), terms('reference')]
        should(Object.keys(fast)).eql(Object.keys(plain))
        for (const name of Object.keys(plain))
          should(relativeError(fast[name].data, plain[name].data, 1e-6)).be.below(1e-9)
      }),
      { numRuns: 60 },
    )
  })
})
