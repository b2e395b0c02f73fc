/** The gradient of a vanilla cell against plain reverse mode, and of any batch against its sequences one by one. */
import fc from 'fast-check'
import should from 'should'
import { bpttGradient, rnnCell, unroll } from '../../../src'
import { norm } from '../../../src/tensor/norm'
import { cases, gradientOf, relativeError, run } from '../../support/networks'
import { sequenceAt } from '../../support/one-sequence'
import { plainBptt, plainDraws } from '../../support/plain-bptt'
import { throwsExpected } from '../../support/throws'

describe('bpttGradient', () => {
  it('agrees with plain reverse-mode BPTT to 1e-12 (float64)', () => {
    fc.assert(
      fc.property(cases('float64', 60, plainDraws), (network) => {
        // beyond, a softmax of the plain formula overflows
        fc.pre(norm(run(network).outputs.data) < 300)
        const gradient = gradientOf(network)
        const wanted = plainBptt(network)
        should(Math.abs(gradient.loss - wanted.loss) / Math.max(wanted.loss, 1e-3)).be.belowOrEqual(1e-12)
        should(Object.keys(gradient.parameters)).eql(['W', 'U', 'b', 'V', 'c'])
        for (const [name, slope] of Object.entries(wanted.gradient))
          should(relativeError(gradient.parameters[name].data, slope, 1e-9 * gradient.norm)).be.belowOrEqual(
            1e-12,
            `∂L/∂${name}`,
          )
      }),
      { numRuns: 120 },
    )
  })

  for (const [precision, bound] of [
    ['float64', 1e-12],
    ['float32', 1e-5],
  ] as const)
    it(`of a batch is the sum over its sequences, any cell and topology, to ${bound} (${precision})`, () => {
      fc.assert(
        fc.property(
          cases(precision, 10, {
            reduction: fc.constant('sum'),
            teacherForcing: fc.constantFrom(0, 1),
            gain: fc.constant(1),
            // a choice by rounded numbers may fall either way
            feed: fc.constantFrom('zeros', 'output'),
          }),
          (network) => {
            const whole = gradientOf(network)
            const shares = Array.from({ length: network.inputs.shape[0] }, (_, index) =>
              gradientOf(sequenceAt(network, index)),
            )
            const size = Math.max(...shares.map((share) => share.norm))
            const losses = shares.reduce((sum, { loss }) => sum + loss, 0)
            should(whole.loss).be.approximately(losses, bound * Math.max(1, losses))
            for (const [name, { data }] of Object.entries(whole.parameters)) {
              const sum = Array.from(data, (_, index) =>
                shares.reduce((total, { parameters }) => total + parameters[name].data[index], 0),
              )
              should(relativeError(data, sum, size)).be.belowOrEqual(bound, name)
            }
          },
        ),
        { numRuns: 80 },
      )
    })

  it('has as its norm the Euclidean one over all parameters', () => {
    fc.assert(
      fc.property(cases('float64', 4), (network) => {
        const gradient = gradientOf(network)
        const all = Object.values(gradient.parameters).flatMap(({ data }) => [...data])
        should(gradient.norm).be.approximately(Math.hypot(...all), 1e-12 * Math.max(1, gradient.norm))
      }),
      { numRuns: 30 },
    )
  })

  it('has the shapes and the precision of the parameters', () => {
    for (const precision of ['float32', 'float64'] as const)
      fc.assert(
        fc.property(cases(precision, 3), (network) => {
          const { parameters, terms } = gradientOf(network)
          should(Object.keys(parameters)).eql(Object.keys(network.cell.parameters))
          for (const [name, { shape, dtype }] of Object.entries(network.cell.parameters)) {
            should(parameters[name]).containEql({ shape, dtype })
            should(terms[name]).have.length(run(network).steps)
          }
        }),
        { numRuns: 20 },
      )
  })

  it('leaves a decoder of its own alone where there is nothing to decode', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1, decoder: true })
    const { parameters } = bpttGradient(unroll(cell, [[1], [2]]), [1])
    for (const name of ['Wd', 'Ud', 'bd']) should(norm(parameters[name].data)).equal(0)
    for (const name of ['W', 'U', 'b']) should(norm(parameters[name].data)).be.above(0)
  })

  it('does not change what it is given', () => {
    fc.assert(
      fc.property(cases('float32', 4), (network) => {
        const before = JSON.stringify(network)
        const unrolled = run(network)
        const tape = JSON.stringify(unrolled)
        bpttGradient(unrolled, network.targets, { ...network.loss, factors: true, credit: true })
        should(JSON.stringify(unrolled)).equal(tape)
        should(JSON.stringify(network)).equal(before)
      }),
      { numRuns: 30 },
    )
  })
})

describe('bpttGradient, what it is asked for', () => {
  const unrolledWith = (readout: 'softmax' | 'sigmoid' | 'linear') =>
    unroll(rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 2, readout }), [1, 2])

  it('refuses a loss of logits behind the activation of another loss', () => {
    for (const [loss, readout, fitting] of [
      ['cross-entropy', 'sigmoid', 'softmax'],
      ['binary-cross-entropy', 'softmax', 'sigmoid'],
    ] as const) {
      throwsExpected(
        () => bpttGradient(unrolledWith(readout), [0, 1], { loss }),
        `expected a readout whose activation ${loss} takes in (linear, or its own), since it is a loss of logits, got ${readout}`,
      )
      for (const other of [fitting, 'linear'] as const)
        should(bpttGradient(unrolledWith(other), [0, 1], { loss }).loss).be.above(0)
    }
  })

  it('names an option that is none', () => {
    for (const [options, says] of [
      [{ terms: 'all' }, /^expected terms to be one of batch, sequence, none, got /],
      [{ kernel: 'fast' }, /^expected kernel to be one of auto, reference, got /],
      [{ loss: 'hinge' }, /^expected loss to be one of /],
    ] as const)
      throwsExpected(() => bpttGradient(unrolledWith('linear'), [0, 1], options as object), says)
  })
})
