/** The credit matrix: norms of the terms by pairs (t, i), against the factors and against outer products. */
import fc from 'fast-check'
import should from 'should'
import { bpttGradient, type Credit, type Factors, rnnCell, unroll } from '../../../src'
import { norm } from '../../../src/tensor/norm'
import { type Case, cases, type Draws, gradientOf, run } from '../../support/networks'
import { sequenceAt } from '../../support/one-sequence'
import { throwsExpected } from '../../support/throws'

const chains: Partial<Draws> = {
  bidirectional: fc.constant(false),
  feed: fc.constant('zeros'),
  teacherForcing: fc.constant(0),
  reduction: fc.constant('sum'),
}
const creditOf = (network: Case, more: object = {}) =>
  gradientOf(network, { credit: true, ...more }).credit as Credit

/** The term of step i in the gradient of the loss at t, summed over the batch: from each sequence's factors. */
function termOf(factors: readonly Factors[], name: string, t: number, i: number): number[] {
  const found = factors.flatMap(({ losses }) =>
    losses.filter((loss) => loss.t === t).flatMap(({ terms }) => terms.filter((term) => term.i === i)),
  )
  const parts = found
    .filter((term) => term[name] !== undefined)
    .map((term) => (term[name] as number[][]).flat())
  return parts.reduce((sum, part) => part.map((value, index) => value + (sum[index] ?? 0)), [])
}

function agrees(network: Case, more: object): void {
  const { batch } = run(network)
  const alone = Array.from({ length: batch }, (_, s) =>
    gradientOf(sequenceAt(network, s), { factors: true, ...more }),
  )
  fc.pre(alone.every(({ factors }) => factors && !('omitted' in factors)))
  const factors = alone.map((gradient) => gradient.factors as Factors)
  const { losses, steps, norms } = creditOf(network, more)
  const size = Math.max(...alone.map((gradient) => gradient.norm))
  for (const [name, rows] of Object.entries(norms))
    for (const [row, t] of losses.entries())
      for (const [column, i] of steps.entries()) {
        const wanted = norm(Float64Array.from(termOf(factors, name, t, i)))
        should(rows[row][column]).be.approximately(wanted, 1e-12 * size, `${name}, loss ${t}, step ${i}`)
      }
}

describe('the credit matrix', () => {
  it('has in row t and column i the norm of the term, for every cell and topology, summed over the batch', () => {
    fc.assert(
      fc.property(cases('float64', 7, chains), (network) => agrees(network, {})),
      { numRuns: 60 },
    )
  })

  it('shows a truncation', () => {
    const k = fc.integer({ min: 1, max: 4 })
    fc.assert(
      fc.property(cases('float64', 7, chains), k, k, (network, a, b) =>
        agrees(network, { k1: Math.min(a, b), k2: Math.max(a, b) }),
      ),
      { numRuns: 40 },
    )
    const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1 })
    const unrolled = unroll(cell, [1, 2, 3, 4], { topology: 'many-to-many' })
    const { credit } = bpttGradient(unrolled, [1, 1, 1, 1], { credit: true, k1: 2 })
    should(credit?.norms.b.map((row) => row.map((value) => value > 0))).eql([
      [true, false, false, false],
      [true, true, false, false],
      [false, false, true, false],
      [false, false, true, true],
    ])
  })

  it('has losses as rows, steps as columns, and a matrix for every recurrent parameter', () => {
    const cell = rnnCell({
      type: 'lstm',
      peepholes: true,
      inputSize: 1,
      hiddenSize: 2,
      outputSize: 1,
      layers: 2,
    })
    const unrolled = unroll(cell, [1, 2, 3], { topology: 'encoder-decoder', steps: 2 })
    const credit = bpttGradient(unrolled, [1, 1], { credit: true }).credit as Credit
    should(credit).containEql({ losses: [4, 5], steps: [1, 2, 3, 4, 5], stride: 1 })
    should(Object.keys(credit.norms)).eql(['W', 'U', 'b', 'p', 'W2', 'U2', 'b2', 'p2'])
    for (const rows of Object.values(credit.norms)) should(rows.map((row) => row.length)).eql([5, 5])
    should(credit.norms.b[0][4]).equal(0)
    should(credit.norms.b[1][4]).be.above(0)
  })

  it('goes from a loss at t to steps i ≤ t, in the reverse direction to i ≥ t', () => {
    for (const type of ['rnn', 'gru', 'lstm'] as const) {
      const cell = rnnCell({ type, inputSize: 1, hiddenSize: 2, outputSize: 1, bidirectional: true })
      const unrolled = unroll(cell, [1, 2, 3, 4], { topology: 'many-to-many' })
      const { norms } = bpttGradient(unrolled, [2, -1, 0, 3], { credit: true }).credit as Credit
      for (let t = 1; t <= 4; t++)
        for (let i = 1; i <= 4; i++) {
          should(norms.b[t - 1][i - 1] > 0).equal(i <= t)
          should(norms.br[t - 1][i - 1] > 0).equal(i >= t)
          // entry i of W's terms has h_{i-1}, which is 0 before the first step; Wr's has h_{i+1}
          should(norms.W[t - 1][i - 1] > 0).equal(i <= t && i > 1)
          should(norms.Wr[t - 1][i - 1] > 0).equal(i >= t && i < 4)
        }
    }
  })

  it('of one loss is what the gradient says of its terms, fed outputs and both directions included', () => {
    const once: Partial<Draws> = { topology: fc.constantFrom('one-to-one', 'many-to-one', 'one-to-many') }
    fc.assert(
      fc.property(cases('float64', 6, once), (network) => {
        const { readouts, steps } = run(network)
        const mask = new Array(network.inputs.shape[0]).fill(readouts.map((t) => Number(t === steps)))
        const onlyLast = network.unroll.topology === 'one-to-many' ? { mask } : {}
        // of a sequence that has ended before nothing counts
        const whole = { ...network, unroll: { ...network.unroll, targetLengths: undefined } }
        const { credit, terms, norm: size } = gradientOf(whole, { credit: true, ...onlyLast })
        for (const [name, rows] of Object.entries(credit?.norms ?? {}))
          rows[rows.length - 1].forEach((value, index) => {
            should(value).be.approximately(terms[name][index], 1e-12 * size, name)
          })
      }),
      { numRuns: 40 },
    )
  })

  describe('above its cap', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1 })
    const wave = (steps: number) => Array.from({ length: steps }, (_, t) => Math.sin(t))
    const of = (steps: number, credit: boolean | { cap?: number }) =>
      bpttGradient(unroll(cell, wave(steps), { topology: 'many-to-many' }), wave(steps), { credit })
        .credit as Credit

    it('looks at every stride-th loss and step, the last ones among them, with the same norms', () => {
      const [all, some] = [of(10, true), of(10, { cap: 4 })]
      should(some).containEql({ losses: [1, 4, 7, 10], steps: [1, 4, 7, 10], stride: 3 })
      for (const [row, t] of some.losses.entries())
        for (const [column, i] of some.steps.entries())
          should(some.norms.W[row][column]).equal(all.norms.W[t - 1][i - 1])
      should(of(11, { cap: 4 }).steps).eql([2, 5, 8, 11])
      should(of(10, { cap: 1 }).steps).eql([10])
      should(of(10, { cap: 10 }).stride).equal(1)
    })

    it('which is 256 unless told otherwise', () => {
      const ofLast = (steps: number) => bpttGradient(unroll(cell, wave(steps)), [1], { credit: {} }).credit
      should(ofLast(256)).containEql({ losses: [256], stride: 1 })
      should(ofLast(257)).containEql({ losses: [257], stride: 2 })
      should(ofLast(257)?.steps).have.length(129)
    })

    it('and refuses one below 1', () => {
      throwsExpected(() => of(3, { cap: 0 }), 'expected cap to be a whole number from 1, got 0')
    })
  })

  it('is there only when asked for', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1 })
    should(bpttGradient(unroll(cell, [1, 2]), [1])).not.have.property('credit')
    should(bpttGradient(unroll(cell, [1, 2]), [1], { credit: false })).not.have.property('credit')
  })
})
