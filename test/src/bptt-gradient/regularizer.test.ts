/** Ω of Pascanu et al. 2013 by its formula, written out with plain loops, and its gradient by finite differences. */
import fc from 'fast-check'
import should from 'should'
import { bpttGradient, type Regularization, rnnCell, unroll } from '../../../src'
import {
  type Case,
  cases,
  type Draws,
  gradientOf,
  relativeError,
  run,
  shouldBeNear,
  stepByStep,
} from '../../support/networks'
import { unpadded } from '../../support/one-sequence'
import { throwsExpected } from '../../support/throws'
import { asRows, transposedTimes } from './rows'

const own: Partial<Draws> = {
  type: fc.constant('rnn'),
  activation: fc.constantFrom('tanh', 'sigmoid'),
  clip: fc.constant(undefined),
  layers: fc.constant(1),
  bidirectional: fc.constant(false),
  topology: fc.constantFrom('many-to-one', 'many-to-many'),
  readout: fc.constant('linear'),
  loss: fc.constant('mse'),
  padding: fc.constant('none'),
  decoder: fc.constant(false),
}
const slopes = { tanh: (h: number) => 1 - h * h, sigmoid: (h: number) => h * (1 - h) }
const size = (v: readonly number[]) => Math.hypot(...v)
const forms = ['ratio', 'squared'] as const
type Form = (typeof forms)[number]

interface Link {
  /** φ'(a_{k+1}) */
  readonly slope: number[]
  /** ∂L/∂h_{k+1} */
  readonly gradient: number[]
}

/** What is held constant in ∂⁺Ω/∂W: for every sequence and every k from 1 to T-1 the slopes and the gradient at k+1. */
function linksOf(network: Case): Link[][] {
  const { cell, targets, loss } = network
  const { hidden, outputs, readouts, steps, batch } = run(network)
  const { hiddenSize: H, outputSize: O } = cell.sizes
  const [W, V] = [asRows(cell.parameters.W.data, H), asRows(cell.parameters.V.data, H)]
  const count = loss.reduction === 'sum' ? 1 : outputs.data.length
  return Array.from({ length: batch }, (_, s) => {
    const links: Link[] = []
    let gradient = new Array<number>(H).fill(0)
    for (let t = steps; t >= 2; t--) {
      const readout = readouts.indexOf(t)
      if (readout >= 0) {
        const error = Array.from({ length: O }, (_, o) => {
          const output = outputs.data[(readout * batch + s) * O + o]
          return (2 * (output - targets.data[(s * readouts.length + readout) * O + o])) / count
        })
        const fromLoss = transposedTimes(V, error)
        gradient = gradient.map((value, unit) => value + fromLoss[unit])
      }
      const h = [...hidden.data.subarray((t * batch + s) * H, (t * batch + s + 1) * H)]
      const slope = h.map(slopes[cell.activation as 'tanh' | 'sigmoid'])
      links.push({ slope, gradient })
      gradient = carriedBy(W, { slope, gradient })
    }
    return links
  })
}

const deltaOf = ({ slope, gradient }: Link) => gradient.map((value, unit) => slope[unit] * value)
/** ∂L/∂h_{k+1} · diag(φ') W */
const carriedBy = (W: readonly number[][], link: Link) => transposedTimes(W, deltaOf(link))

/** The mean over the sequences of Σ_k (‖∂L/∂h_{k+1} · diag(φ') W‖ / ‖∂L/∂h_{k+1}‖ - 1)². */
function omegaOf(links: readonly Link[][], W: readonly number[][], form: Form): number {
  const sums = links.map((own) =>
    own.reduce((sum, link) => {
      const ratio = size(carriedBy(W, link)) / size(link.gradient)
      return sum + ((form === 'ratio' ? ratio : ratio ** 2) - 1) ** 2
    }, 0),
  )
  return sums.reduce((sum, value) => sum + value, 0) / links.length
}

const regularized = (network: Case, form?: Form, coefficient = 1) =>
  gradientOf(network, { regularizer: { coefficient, form } })

/** What it adds to ∂L/∂W. */
function added(given: Case, form: Form, coefficient = 1, name = 'W'): number[] {
  const network = stepByStep(given)
  const [without, with_] = [gradientOf(network), regularized(network, form, coefficient)]
  return Array.from(
    with_.parameters[name].data,
    (value, index) => value - without.parameters[name].data[index],
  )
}

describe('the regularizer Ω', () => {
  for (const form of forms) {
    it(`has the value of its formula (${form})`, () => {
      fc.assert(
        fc.property(cases('float64', 8, own), (network) => {
          const { omega } = regularized(network, form).regularization as Regularization
          const W = asRows(network.cell.parameters.W.data, network.cell.sizes.hiddenSize)
          const wanted = omegaOf(linksOf(network), W, form)
          should(omega).be.approximately(wanted, 1e-11 * Math.max(1, wanted))
        }),
        { numRuns: 60 },
      )
    })

    it(`adds its immediate partial by W, all but ∂h_{k+1}/∂h_k held constant (${form})`, () => {
      fc.assert(
        fc.property(cases('float64', 6, own), (network) => {
          const { data } = network.cell.parameters.W
          const { hiddenSize } = network.cell.sizes
          const links = linksOf(network)
          // where Wᵀ δ is next to nothing the ratio has a kink
          const W = asRows(data, hiddenSize)
          fc.pre(links.flat().every((link) => size(carriedBy(W, link)) > 0.02 * size(deltaOf(link))))
          const omegaAt = (index: number, shift: number) => {
            const moved = [...data]
            moved[index] += shift
            return omegaOf(links, asRows(moved, hiddenSize), form)
          }
          const differences = Array.from(data, (_, index) => {
            const e = 1e-4
            const near = omegaAt(index, e) - omegaAt(index, -e)
            return (8 * near - (omegaAt(index, 2 * e) - omegaAt(index, -2 * e))) / (12 * e)
          })
          should(relativeError(added(network, form), differences, 1e-3)).be.belowOrEqual(1e-6)
        }),
        { numRuns: 40 },
      )
    })
  }

  it('takes the ratio of the norms unless told otherwise', () => {
    const [network] = fc.sample(cases('float64', 6, { ...own, steps: fc.constant(5) }), 1)
    const { regularization } = regularized(network)
    should(regularization).eql(regularized(network, 'ratio').regularization)
    should(regularization?.omega).not.equal(regularized(network, 'squared').regularization?.omega)
  })

  it('is multiplied by its coefficient, leaves U, b, V, c and the loss alone, and tells its norm', () => {
    const [network] = fc.sample(cases('float64', 6, { ...own, steps: fc.constant(5) }), 1)
    const [once, four] = [added(network, 'ratio', 1), added(network, 'ratio', 4)]
    should(
      relativeError(
        four,
        once.map((value) => 4 * value),
      ),
    ).be.below(1e-12)
    should(size(once)).be.above(0)
    for (const name of ['U', 'b', 'V', 'c']) should(added(network, 'ratio', 4, name)).matchEach(0)
    const defined = stepByStep(network)
    const { regularization, loss, terms } = regularized(defined, 'ratio', 4)
    should(regularization).containEql({ coefficient: 4, form: 'ratio' })
    should(regularization?.norm).be.approximately(size(four), 1e-12)
    const without = gradientOf(defined)
    should({ loss, terms }).eql({ loss: without.loss, terms: without.terms })
    shouldBeNear(without, gradientOf(network), 1e-11)
  })

  it('counts a sequence that ends or pauses as if it were alone and without gaps, in layers and directions too', () => {
    const any: Partial<Draws> = {
      ...own,
      layers: fc.constantFrom(1, 2),
      bidirectional: fc.boolean(),
      padding: fc.constantFrom('lengths', 'mask'),
      steps: fc.integer({ min: 2, max: 7 }),
      reduction: fc.constant('sum'),
    }
    fc.assert(
      fc.property(cases('float64', 7, any), (network) => {
        const { batch } = run(network)
        const alone = Array.from({ length: batch }, (_, s) => regularized(unpadded(network, s), 'squared'))
        const omega = alone.reduce((sum, { regularization }) => sum + (regularization?.omega ?? 0), 0) / batch
        const whole = regularized(network, 'squared').regularization?.omega
        should(whole).be.approximately(omega, 1e-10 * Math.max(1, omega))
      }),
      { numRuns: 60 },
    )
  })

  it('of the reverse direction is that of a cell that reads the sequence backwards', () => {
    const parameters = {
      W: [
        [0.5, 0.3],
        [-0.2, 0.7],
      ],
      U: [[1], [-1]],
      b: [0, 0.1],
      V: [[1, 2]],
      c: [0],
    }
    const zero = {
      W: [
        [0, 0],
        [0, 0],
      ],
      U: [[0], [0]],
      b: [0, 0],
    }
    const sizes = { inputSize: 1, hiddenSize: 2, outputSize: 1, precision: 'float64' } as const
    const forward = rnnCell({ ...sizes, parameters })
    const reverse = rnnCell({
      ...sizes,
      bidirectional: true,
      parameters: {
        ...zero,
        Wr: parameters.W,
        Ur: parameters.U,
        br: parameters.b,
        V: [[0, 0, 1, 2]],
        c: [0],
      },
    })
    const regularizer = { coefficient: 1 }
    const one = bpttGradient(unroll(forward, [1, 2, 3, 4]), [0.3], { regularizer })
    const other = bpttGradient(unroll(reverse, [4, 3, 2, 1]), [0.3], { regularizer })
    should(other.regularization).eql(one.regularization)
    should(relativeError(other.parameters.Wr.data, one.parameters.W.data)).be.below(1e-13)
  })

  it('is 1 a step where a step lets nothing through, and adds nothing there', () => {
    const parameters = { W: [[0]], U: [[1]], b: [0], V: [[1]], c: [0] }
    const cell = rnnCell({ inputSize: 1, hiddenSize: 1, outputSize: 1, parameters })
    const { regularization } = bpttGradient(unroll(cell, [1, 1]), [3], { regularizer: { coefficient: 2 } })
    should(regularization).containEql({ omega: 1, norm: 0 })
  })

  it('refuses gates, a coefficient below 0 and an unknown form, and is none unless asked for', () => {
    const sizes = { inputSize: 1, hiddenSize: 2, outputSize: 1 }
    const with_ = (type: 'rnn' | 'gru', regularizer: object) => () =>
      bpttGradient(unroll(rnnCell({ ...sizes, type }), [1, 2]), [0], {
        regularizer: { coefficient: 1, ...regularizer },
      })
    throwsExpected(with_('gru', {}), 'expected a cell of type rnn for the regularizer Ω, got gru')
    throwsExpected(with_('rnn', { coefficient: -1 }), 'expected coefficient to be a number from 0, got -1')
    throwsExpected(with_('rnn', { form: 'cubed' }), /form to be one of ratio, squared/)
    should(bpttGradient(unroll(rnnCell(sizes), [1, 2]), [0])).not.have.property('regularization')
  })
})
