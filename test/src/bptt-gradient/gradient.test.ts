/** The promise: the terms add up to the gradient, and the gradient is right. */
import fc from 'fast-check'
import should from 'should'
import {
  bpttGradient,
  type Cell,
  evaluate,
  type Factors,
  type ParameterName,
  parameterNames,
  rnnCell,
  unroll,
  withParameters,
} from '../../../src'
import { norm } from '../../../src/tensor/norm'
import { type Case, cases, relativeError } from '../../support/networks'
import { plainBptt } from '../../support/plain-bptt'

const gradientOf = ({ cell, inputs, targets, topology, loss, initialState }: Case, factors = false) =>
  bpttGradient(unroll(cell, inputs, { topology, initialState }), targets, { loss, factors })

/** Beyond, a softmax of the plain formula overflows. */
const largestOutput = ({ cell, inputs, topology, initialState }: Case) =>
  norm(unroll(cell, inputs, { topology, initialState }).outputs.data)

/**
 * ∂L/∂θ by central differences of fourth order; undefined if one of them steps over a kink of relu, where a
 * difference is no derivative.
 */
function finiteDifferences(network: Case, name: ParameterName): number[] | undefined {
  const { cell, inputs, targets, topology, loss, initialState } = network
  const { data, shape, dtype } = cell.parameters[name]
  const run = (moved: Cell) => unroll(moved, inputs, { topology, initialState })
  const isActive = (moved: Cell) => run(moved).hidden.data.map((h) => (h > 0 ? 1 : 0))
  const active = isActive(cell)
  let kink = false
  const lossWith = (index: number, shift: number) => {
    const shifted = data.slice()
    shifted[index] += shift
    const moved = withParameters(cell, { [name]: { shape, dtype, data: shifted } })
    if (cell.activation === 'relu' && isActive(moved).some((is, unit) => is !== active[unit])) kink = true
    return evaluate(run(moved), targets, { loss }).loss
  }
  const e = cell.activation === 'relu' ? 1e-4 : 1e-3
  const differences = Array.from(data, (_, index) => {
    const near = lossWith(index, e) - lossWith(index, -e)
    const far = lossWith(index, 2 * e) - lossWith(index, -2 * e)
    return (8 * near - far) / (12 * e)
  })
  return kink ? undefined : differences
}

describe('bpttGradient', () => {
  it('agrees with central finite differences to 1e-6 (float64)', () => {
    fc.assert(
      fc.property(cases('float64', 60), (network) => {
        const gradient = gradientOf(network)
        fc.pre(gradient.norm < 1e3)
        for (const name of parameterNames) {
          const differences = finiteDifferences(network, name)
          fc.pre(differences !== undefined)
          const error = relativeError(gradient.parameters[name].data, differences ?? [], 1e-3 * gradient.norm)
          should(error).be.belowOrEqual(1e-6, `∂L/∂${name}`)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('agrees with plain reverse-mode BPTT to 1e-12 (float64)', () => {
    fc.assert(
      fc.property(cases('float64'), (network) => {
        const gradient = gradientOf(network)
        fc.pre(largestOutput(network) < 300)
        const plain = plainBptt(network)
        should(Math.abs(gradient.loss - plain.loss) / Math.max(plain.loss, 1e-3)).be.belowOrEqual(1e-12)
        for (const name of parameterNames)
          should(
            relativeError(gradient.parameters[name].data, plain.gradient[name], 1e-9 * gradient.norm),
          ).be.belowOrEqual(1e-12, `∂L/∂${name}`)
      }),
      { numRuns: 300 },
    )
  })

  for (const [precision, bound] of [
    ['float64', 1e-12],
    ['float32', 1e-5],
  ] as const) {
    it(`is the sum of its terms, every factor handed over, to ${bound} (${precision})`, () => {
      fc.assert(
        fc.property(cases(precision), (network) => {
          const one = { ...network, ...firstSequence(network) }
          const gradient = gradientOf(one, true)
          const { losses } = gradient.factors as Factors
          const sums = { W: [0], U: [0], b: [0], V: [0], c: [0] }
          for (const { V, c, terms } of losses) {
            sums.V = add(sums.V, V.flat())
            sums.c = add(sums.c, c)
            for (const term of terms) {
              sums.W = add(sums.W, term.W.flat())
              sums.U = add(sums.U, term.U.flat())
              sums.b = add(sums.b, term.b)
            }
          }
          for (const name of parameterNames)
            should(
              relativeError(
                gradient.parameters[name].data,
                sums[name],
                Math.max(1e-9 * gradient.norm, 1e-30),
              ),
            ).be.belowOrEqual(bound, name)
        }),
        { numRuns: 150 },
      )
    })
  }

  it('is the sum over the batch of what each sequence hands over, to 1e-12 (float64)', () => {
    fc.assert(
      fc.property(cases('float64', 20), (network) => {
        fc.pre(largestOutput(network) < 300)
        const whole = gradientOf(network)
        const [batch] = network.inputs.shape
        const shares = Array.from({ length: batch }, (_, index) =>
          gradientOf({ ...network, ...sequenceAt(network, index) }, true),
        )
        for (const name of parameterNames) {
          const sum = shares.reduce(
            (total, { factors }) => add(total, ((factors as Factors).sum[name] as number[]).flat()),
            [0],
          )
          const mean = sum.map((value) => value / batch)
          const size = Math.max(...shares.map(({ norm: one }) => one), 1e-30)
          should(relativeError(whole.parameters[name].data, mean, 1e-2 * size)).be.belowOrEqual(1e-12, name)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('hands over δ = φ′ ∘ (∂h_t/∂h_i)ᵀ ∂L/∂h_t, with ∂h_t/∂h_i as differences of the unrolled network say', () => {
    const cell = rnnCell({
      inputSize: 2,
      hiddenSize: 3,
      outputSize: 1,
      seed: 4,
      precision: 'float64',
      gain: 1.5,
    })
    const inputs = [
      [0.3, -1],
      [0.8, 0.1],
      [-0.4, 0.6],
      [1, 0.2],
    ]
    const { factors } = bpttGradient(unroll(cell, inputs), [0.7], { factors: true })
    const [{ t, dLdh, terms }] = (factors as Factors).losses
    should(t).equal(4)
    should(terms.map(({ i }) => i)).eql([1, 2, 3, 4])
    const { hidden } = factors as Factors
    for (const { i, dhdh, delta } of terms) {
      for (let column = 0; column < 3; column++) {
        // restart the network at step i from a shifted h_i
        const shifted = (by: number) => {
          const state = hidden[i].map((value, unit) => value + (unit === column ? by : 0))
          return i === 4
            ? state
            : [...unroll(cell, inputs.slice(i), { initialState: state }).hidden.data.slice(-3)]
        }
        const [up, down] = [shifted(1e-5), shifted(-1e-5)]
        for (let row = 0; row < 3; row++)
          should(dhdh[row][column]).be.approximately((up[row] - down[row]) / 2e-5, 1e-9)
      }
      delta.forEach((value, unit) => {
        const carried = dLdh.reduce((sum, d, row) => sum + d * dhdh[row][unit], 0)
        should(value).be.approximately((1 - hidden[i][unit] ** 2) * carried, 1e-15)
      })
    }
  })

  it('gives norms of the terms that are those of the factors', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 4, outputSize: 2, seed: 2, precision: 'float64' })
    const gradient = bpttGradient(
      unroll(cell, [[1], [2], [-1]], { topology: 'many-to-many' }),
      [
        [0, 1],
        [1, 0],
        [2, 2],
      ],
      { factors: true },
    )
    const { losses } = gradient.factors as Factors
    for (const name of ['W', 'U', 'b'] as const) {
      for (let i = 1; i <= 3; i++) {
        const term = losses
          .flatMap(({ terms }) => terms.filter((one) => one.i === i))
          .reduce((sum, one) => add(sum, one[name].flat()), [0])
        should(gradient.terms[name][i - 1]).be.approximately(norm(Float64Array.from(term)), 1e-15)
      }
    }
  })

  it('leaves factors out above the documented size, and says how large they are', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 64, outputSize: 1 })
    const { factors } = bpttGradient(unroll(cell, new Array(60).fill([1])), [0], { factors: true })
    should((factors as { omitted: string }).omitted).match(/\d+ numbers, more than 250000/)
  })

  it('carries products that overflow and underflow: growth is right at 3^±700', () => {
    for (const factor of [3, 1 / 3]) {
      const cell = rnnCell({
        inputSize: 1,
        hiddenSize: 1,
        outputSize: 1,
        activation: 'linear',
        precision: 'float64',
        parameters: { W: [[factor]], U: [[0]], b: [0], V: [[1]], c: [0] },
      })
      const { growth, carry, norm, terms } = bpttGradient(unroll(cell, new Array(700).fill([1])), [1])
      should(growth[699]).be.approximately(Math.log(2), 1e-12)
      should(growth[0] - growth[699]).be.approximately(699 * Math.log(factor), 1e-9)
      should(carry.every((step) => Math.abs(step - Math.log(factor)) < 1e-12)).be.true()
      should(norm).be.a.Number().and.not.NaN()
      should(terms.b[0]).equal(factor === 3 ? Number.POSITIVE_INFINITY : 2 * 3 ** -350 * 3 ** -349)
    }
  })

  it('is the same bit for bit where scaling steps in between and out again', () => {
    // the gradient passes 1e150 on the way back (gain 1e4 for 40 steps), and returns (1e-4 for 40)
    const run = (weights: number[]) => {
      let total = 1
      for (const weight of weights) total *= weight
      return total
    }
    const cell = rnnCell({
      inputSize: 1,
      hiddenSize: 2,
      outputSize: 1,
      activation: 'linear',
      precision: 'float64',
      parameters: {
        W: [
          [0, 2 ** 30],
          [2 ** -30, 0],
        ],
        U: [[0], [0]],
        b: [0, 0],
        V: [[1, 0]],
        c: [0],
      },
    })
    const { growth } = bpttGradient(unroll(cell, new Array(41).fill([1])), [1])
    should(growth[40]).be.approximately(Math.log(2), 1e-12)
    should(growth[0]).be.approximately(Math.log(2 * run(new Array(20).fill(2 ** 30 * 2 ** -30))), 1e-12)
  })

  it('does not change what it is given', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 3, outputSize: 1 })
    const before = JSON.stringify(cell)
    const unrolled = unroll(cell, [[1], [2]])
    const tape = JSON.stringify(unrolled)
    bpttGradient(unrolled, [1])
    should(JSON.stringify(unrolled)).equal(tape)
    should(JSON.stringify(cell)).equal(before)
  })
})

const firstSequence = (network: Case) => sequenceAt(network, 0)

/** The same network on one sequence only, as a batch of one. */
function sequenceAt({ inputs, targets, initialState, topology, loss, cell }: Case, index: number) {
  const [, steps, D] = inputs.shape
  const size = (topology === 'many-to-one' ? 1 : steps) * (loss === 'mse' ? cell.sizes.outputSize : 1)
  const take = (from: Case['inputs'], shape: number[], count: number) => ({
    ...from,
    shape,
    data: from.data.slice(index * count, (index + 1) * count),
  })
  return {
    inputs: take(inputs, [1, steps, D], steps * D),
    targets: take(targets, [1, ...targets.shape.slice(1)], size),
    initialState: take(initialState, [1, cell.sizes.hiddenSize], cell.sizes.hiddenSize),
  }
}

const add = (sum: number[], more: number[]): number[] => more.map((value, index) => value + (sum[index] ?? 0))
