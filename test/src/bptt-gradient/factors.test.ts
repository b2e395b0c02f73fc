/** The promise: every factor of the sum can be handed over, and the terms add up to the gradient. */
import fc from 'fast-check'
import should from 'should'
import {
  bpttGradient,
  type Factors,
  type Gradient,
  maxFactorNumbers,
  rnnCell,
  stepJacobians,
  type Unrolled,
  unroll,
} from '../../../src'
import { norm } from '../../../src/tensor/norm'
import { type Case, cases, type Draws, gradientOf, relativeError, run } from '../../support/networks'
import { asRows, outer, transposedTimes } from './rows'
import { diagonal, product } from './spectrum/matrices'

/** One sequence, and a chain of states. */
const chains: Partial<Draws> = {
  batch: fc.constant(1),
  bidirectional: fc.constant(false),
  feed: fc.constantFrom('zeros', 'one-hot'),
}
const factorsOf = (gradient: Gradient) => gradient.factors as Factors

/** Σ over all losses (and all terms, or those of step i) of what there is by this name. */
function sumOf({ losses }: Factors, name: string, i?: number): number[] {
  const found = losses.flatMap((loss) =>
    name === 'V' || name === 'c'
      ? [loss[name]]
      : loss.terms.filter((term) => i === undefined || term.i === i).map((term) => term[name]),
  )
  const parts = found.filter((part) => part !== undefined).map((part) => (part as number[][]).flat())
  return parts.reduce((sum, part) => part.map((value, index) => value + (sum[index] ?? 0)), [])
}

describe('the factors of a gradient', () => {
  for (const [precision, bound] of [
    ['float64', 1e-12],
    ['float32', 1e-5],
  ] as const)
    it(`have terms that add up to it, for every cell, topology and loss, to ${bound} (${precision})`, () => {
      fc.assert(
        fc.property(cases(precision, 12, chains), (network) => {
          const gradient = gradientOf(network, { factors: true })
          fc.pre(!('omitted' in factorsOf(gradient)))
          const factors = factorsOf(gradient)
          for (const [name, { data }] of Object.entries(gradient.parameters)) {
            const sum = sumOf(factors, name)
            // a decoder's are missing where there is nothing to decode
            const whole = sum.length === 0 ? new Array<number>(data.length).fill(0) : sum
            const floor = Math.max(1e-3 * gradient.norm, 1e-30)
            should(relativeError(data, whole, floor)).be.belowOrEqual(bound, name)
            should(relativeError((factors.sum[name] as number[][]).flat(), whole, floor)).be.belowOrEqual(
              1e-12,
              name,
            )
          }
        }),
        { numRuns: 80 },
      )
    })

  it('have the norms that the gradient tells of its terms, step by step', () => {
    fc.assert(
      fc.property(cases('float64', 8, chains), (network) => {
        const gradient = gradientOf(network, { factors: true })
        fc.pre(!('omitted' in factorsOf(gradient)))
        const factors = factorsOf(gradient)
        for (const [name, norms] of Object.entries(gradient.terms)) {
          if (name === 'V' || name === 'c') continue
          norms.forEach((size, index) => {
            const term = norm(Float64Array.from(sumOf(factors, name, index + 1)))
            should(size).be.approximately(term, 1e-12 * Math.max(term, gradient.norm), `${name} ${index + 1}`)
          })
        }
        for (const name of ['V', 'c'] as const)
          for (const loss of factors.losses)
            if (loss[name])
              should(gradient.terms[name][loss.t - 1]).be.approximately(
                norm(Float64Array.from((loss[name] as number[][]).flat())),
                1e-12 * gradient.norm,
              )
      }),
      { numRuns: 60 },
    )
  })

  it('have ∂L_t/∂h_t in the place of the last layer, and ∂s_t/∂s_i as the product of the Jacobians of the steps', () => {
    fc.assert(
      fc.property(cases('float64', 6, chains), (network) => {
        const unrolled = run(network)
        const { losses, hidden } = factorsOf(gradientOf(network, { factors: true }))
        const steps = stepJacobians(unrolled).map((J) => asRows(J, Math.sqrt(J.length)))
        for (const { t, dLdo, dLdh, terms } of losses) {
          should(dLdh).have.length(hidden[0].length)
          should(dLdh.length).equal(stateSizeOf(network))
          checkReadout(unrolled, dLdo, dLdh)
          let chain = diagonal(...dLdh.map(() => 1))
          for (const { i, dhdh } of terms.toReversed()) {
            should(relativeError(dhdh.flat(), chain.flat(), 1e-9)).be.belowOrEqual(1e-12, `∂s_${t}/∂s_${i}`)
            chain = product(chain, steps[i - 1])
          }
        }
      }),
      { numRuns: 40 },
    )
  })

  it('have δ = φ′ ∘ (∂h_t/∂h_i)ᵀ ∂L/∂h_t, W = δ h_{i-1}ᵀ, U = δ x_iᵀ, b = δ in a vanilla cell', () => {
    fc.assert(
      fc.property(cases('float64', 8, vanilla), (network) => {
        const { losses, hidden, inputs } = factorsOf(gradientOf(network, { factors: true }))
        for (const { dLdh, terms } of losses)
          for (const { i, dhdh, delta, W, U, b } of terms) {
            const carried = transposedTimes(dhdh, dLdh)
            const wanted = carried.map((value, unit) => (1 - hidden[i][unit] ** 2) * value)
            const size = Math.max(norm(Float64Array.from(carried)), 1e-30)
            for (const [got, term] of [
              [delta, wanted],
              [b as number[], wanted],
              [(W as number[][]).flat(), outer(wanted, hidden[i - 1])],
              [(U as number[][]).flat(), outer(wanted, inputs[i - 1])],
            ])
              should(relativeError(got, term, size)).be.belowOrEqual(1e-12)
          }
      }),
      { numRuns: 40 },
    )
  })

  it('are those of the first sequence, with its share of the mean over the batch', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1, precision: 'float64' })
    const both = bpttGradient(
      unroll(cell, [
        [[1], [2]],
        [[3], [4]],
      ]),
      [[1], [9]],
      { factors: true },
    )
    const alone = bpttGradient(unroll(cell, [[[1], [2]]]), [[1]], { factors: true })
    const half = (factors: Factors, by: number) => (factors.sum.W as number[][]).flat().map((w) => w * by)
    should(factorsOf(both).sequence).equal(0)
    should(half(factorsOf(both), 1)).eql(half(factorsOf(alone), 0.5))
    should(factorsOf(both).inputs).eql([[1], [2]])
  })

  it('are left out above the documented size, which is said', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 64, outputSize: 1 })
    const large = bpttGradient(unroll(cell, new Array(60).fill([1])), [0], { factors: true })
    should(maxFactorNumbers).equal(250_000)
    should((large.factors as { omitted: string }).omitted).equal(
      // a loss over 60 steps: W and the parameters (4289) for each, and the step itself
      `the factors of this network are ${60 * (64 ** 2 + 4289) + 60 * 65} numbers, more than 250000`,
    )
  })

  it('are left out, with the reason, of two directions, of outputs that are fed back, and of checkpoints', () => {
    const sizes = { inputSize: 1, hiddenSize: 2, outputSize: 1 }
    const omitted = (unrolled: Unrolled) =>
      (bpttGradient(unrolled, [[1], [2]], { factors: true }).factors as { omitted: string }).omitted
    const many = { topology: 'many-to-many' } as const
    should(omitted(unroll(rnnCell({ ...sizes, bidirectional: true }), [[1], [2]], many))).match(
      /this cell has two/,
    )
    should(omitted(unroll(rnnCell(sizes), [[1], [2]], { ...many, checkpoint: 1 }))).match(/keeps only some/)
    const fed = { topology: 'one-to-many', steps: 2, feed: 'output' } as const
    should(omitted(unroll(rnnCell(sizes), [[1]], fed))).match(/outputs are fed back/)
  })

  it('are there only when asked for', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1 })
    should(bpttGradient(unroll(cell, [[1]]), [1])).not.have.property('factors')
    should(bpttGradient(unroll(cell, [[1]]), [1], { factors: false })).not.have.property('factors')
  })
})

const vanilla: Partial<Draws> = {
  ...chains,
  type: fc.constant('rnn'),
  activation: fc.constant('tanh'),
  clip: fc.constant(undefined),
  layers: fc.constant(1),
  padding: fc.constant('none'),
  padsTargets: fc.constant(false),
  decoder: fc.constant(false),
}

const stateSizeOf = ({ cell }: Case): number =>
  cell.layers * cell.sizes.hiddenSize * (cell.type === 'lstm' ? 2 : 1)

/** ∂L/∂h = Vᵀ ∂L/∂(V h + c) for h of the last layer, which an LSTM's c stands behind; zeros elsewhere. */
function checkReadout({ cell }: Unrolled, dLdo: readonly number[], dLdh: readonly number[]): void {
  const { hiddenSize } = cell.sizes
  const start = dLdh.length - hiddenSize * (cell.type === 'lstm' ? 2 : 1)
  const ofTop =
    cell.readout === 'none' ? dLdo : transposedTimes(asRows(cell.parameters.V.data, hiddenSize), dLdo)
  const wanted = dLdh.map((_, index) => ofTop[index - start] ?? 0)
  should(relativeError([...dLdh], wanted, 1e-30)).be.belowOrEqual(1e-14)
}
