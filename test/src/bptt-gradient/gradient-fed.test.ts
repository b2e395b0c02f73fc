/**
 * Gradients through outputs that are fed back. Where x_{t+1} = V h_t + c, a vanilla cell is one of W + U V and b + U c
 * that takes in nothing: so its terms and its growth can be had from that.
 */
import fc from 'fast-check'
import should from 'should'
import {
  bpttGradient,
  type Cell,
  type Factors,
  type KernelName,
  kernelNames,
  rnnCell,
  type Tensor,
  type UnrollOptions,
  unroll,
  withParameters,
} from '../../../src'
import {
  type Case,
  cases,
  type Draws,
  gradientOf,
  relativeError,
  run,
  shouldBeNear,
} from '../../support/networks'
import { sliceSteps } from '../../support/one-sequence'
import { asRows, outer, timesVector, transposedTimes } from './rows'
import { product } from './spectrum/matrices'

const own: Partial<Draws> = {
  type: fc.constant('rnn'),
  layers: fc.constant(1),
  topology: fc.constant('one-to-many'),
  readout: fc.constant('linear'),
  feed: fc.constant('output'),
  teacherForcing: fc.constant(0),
  decoder: fc.constant(false),
  padsTargets: fc.constant(false),
  loss: fc.constant('mse'),
  reduction: fc.constant('sum'),
  fedSteps: fc.integer({ min: 2, max: 7 }),
}

function closed(cell: Cell): Cell {
  const { W, U, b, V, c } = cell.parameters
  const { hiddenSize, inputSize } = cell.sizes
  const rowsOfU = asRows(U.data, inputSize)
  const loop = product(rowsOfU, asRows(V.data, hiddenSize)).flat()
  const bias = timesVector(rowsOfU, [...c.data])
  return withParameters(cell, {
    W: asRows(
      W.data.map((value, index) => value + loop[index]),
      hiddenSize,
    ),
    b: Array.from(b.data, (value, index) => value + bias[index]),
  })
}

/** Steps 2 to T of one sequence, without anything fed. */
function restOf({ cell, targets, loss }: Case, hidden: Tensor, steps: number) {
  const { hiddenSize, inputSize } = cell.sizes
  const silence = new Array(steps - 1).fill(new Array(inputSize).fill(0))
  const unrolled = unroll(closed(cell), [silence], {
    topology: 'many-to-many',
    initialState: [[...hidden.data.subarray(hiddenSize, 2 * hiddenSize)]],
  })
  return bpttGradient(unrolled, sliceSteps(targets, 2, steps), { ...loss, factors: true })
}

describe('the gradient through fed outputs', () => {
  it('has the terms and the growth of a cell that is closed upon itself', () => {
    fc.assert(
      fc.property(cases('float64', 1, { ...own, batch: fc.constant(1) }), (network) => {
        const { outputs, hidden, steps } = run(network)
        const { hiddenSize: H, outputSize: O, inputSize } = network.cell.sizes
        const { terms, growth, carry, norm } = gradientOf(network)
        const rest = restOf(network, hidden, steps)
        const deltas = Array.from({ length: steps - 1 }, (_, index) =>
          (rest.factors as Factors).losses
            .flatMap((loss) => loss.terms.filter(({ i }) => i === index + 1))
            .map(({ delta }) => delta)
            .reduce((sum, delta) => sum.map((value, unit) => value + delta[unit])),
        )
        const close = (a: number, b: number, what: string) =>
          should(a).be.approximately(b, 1e-12 * norm, what)
        for (let t = 1; t <= steps; t++) {
          const said = [...outputs.data.subarray((t - 1) * O, t * O)]
          const state = [...hidden.data.subarray(t * H, (t + 1) * H)]
          const missed = said.map((value, o) => 2 * (value - network.targets.data[(t - 1) * O + o]))
          const fed =
            t < steps ? transposedTimes(asRows(network.cell.parameters.U.data, inputSize), deltas[t - 1]) : []
          const slope = missed.map((value, o) => value + (fed[o] ?? 0))
          close(terms.V[t - 1], Math.hypot(...outer(slope, state)), `V ${t}`)
          close(terms.c[t - 1], Math.hypot(...slope), `c ${t}`)
          if (t === steps) continue
          close(terms.W[t], rest.terms.W[t - 1], `W ${t + 1}`)
          close(terms.b[t], rest.terms.b[t - 1], `b ${t + 1}`)
          close(terms.U[t], Math.hypot(...outer(deltas[t - 1], said)), `U ${t + 1}`)
          if (rest.growth[t - 1] > -20) should(growth[t]).be.approximately(rest.growth[t - 1], 1e-6)
          if (rest.carry[t - 1] > -20 && rest.growth[t - 1] > -20)
            should(carry[t]).be.approximately(rest.carry[t - 1], 1e-6)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('is there for outputs, and not for one-hot choices or for targets', () => {
    const cell = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 2, precision: 'float64', seed: 5 })
    const targets = [
      [1, 0],
      [0, 1],
      [1, 1],
    ]
    const slopes = (options: UnrollOptions) => {
      const unrolled = unroll(cell, [1, -1], { topology: 'one-to-many', steps: 3, ...options })
      return { unrolled, ...bpttGradient(unrolled, targets, { kernel: options.kernel }) }
    }
    const ofInputs = (x: number[][], kernel: KernelName) =>
      bpttGradient(unroll(cell, x, { topology: 'many-to-many', kernel }), targets, { kernel })
    const fed = slopes({ feed: 'output' })
    // the same numbers, as inputs that are given
    const said = [
      [1, -1],
      [...fed.unrolled.outputs.data.slice(0, 2)],
      [...fed.unrolled.outputs.data.slice(2, 4)],
    ]
    const given = ofInputs(said, 'reference')
    should(given.loss).equal(fed.loss)
    should(relativeError(given.parameters.W.data, fed.parameters.W.data)).be.above(1e-3)

    for (const options of [{ feed: 'one-hot' }, { feed: 'output', teacherForcing: 1, targets }] as const) {
      const { unrolled, ...defined } = slopes({ ...options, kernel: 'reference' })
      const heard = [[1, -1], ...asRows(unrolled.fed?.inputs.data ?? [], 2)]
      should(defined.parameters).eql(ofInputs(heard, 'reference').parameters)
      for (const kernel of kernelNames) shouldBeNear(slopes(options), ofInputs(heard, kernel), 1e-11)
    }
  })

  it('is not there where a pause at the first step has made the output a constant 0', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1, precision: 'float64', seed: 2 })
    const of = (options: UnrollOptions) =>
      bpttGradient(unroll(cell, [[[1]]], { topology: 'one-to-many', steps: 3, ...options }), [
        [[1], [2], [3]],
      ])
    const initialState = [0.5, -1]
    const paused = of({ feed: 'output', mask: [[0]], initialState })
    // from the second step on it is a network that starts from that state with an input of 0
    const rest = unroll(cell, [[[0]]], { topology: 'one-to-many', steps: 2, feed: 'output', initialState })
    const wanted = bpttGradient(rest, [[[2], [3]]])
    should(paused.loss).equal(wanted.loss)
    for (const [name, { data }] of Object.entries(wanted.parameters))
      should(relativeError(paused.parameters[name].data, data)).be.belowOrEqual(1e-14, name)
  })
})
