/** ∂s_t/∂s_{t-1} against finite differences of single steps. */
import fc from 'fast-check'
import should from 'should'
import {
  type Cell,
  type KernelName,
  lastState,
  rnnCell,
  stepJacobians,
  type Tensor,
  tensor,
  unroll,
  withParameters,
} from '../../../src'
import { stateOf } from '../../../src/bptt-gradient/step-jacobians'
import { cases, type Draws, relativeError, run, smooth, statesOf } from '../../support/networks'
import { throwsExpected } from '../../support/throws'
import { diagonal } from './spectrum/matrices'

const own: Partial<Draws> = { ...smooth, bidirectional: fc.constant(false), decoder: fc.constant(false) }

/** s of one sequence as h [K, 1, H], or { h, c }: in s the c of a layer follows its h. */
function asState({ type, layers, sizes: { hiddenSize } }: Cell, s: readonly number[]): unknown {
  const kinds = type === 'lstm' ? 2 : 1
  const [h, c] = [0, 1].map((kind): Tensor => {
    const parts = Array.from({ length: layers }, (_, layer) => {
      const start = (layer * kinds + kind) * hiddenSize
      return s.slice(start, start + hiddenSize)
    })
    const data = Float64Array.from(parts.flat())
    return { shape: [data.length / hiddenSize, 1, hiddenSize], dtype: 'float64', data }
  })
  return kinds === 2 ? { h, c } : h
}

/** s after one step that takes in x. */
function stepFrom(cell: Cell, x: readonly number[], s: readonly number[]): number[] {
  const after = unroll(cell, [x], { initialState: asState(cell, s) })
  const states = statesOf(lastState(after)).map(({ data }) => [...data])
  const { hiddenSize } = cell.sizes
  return Array.from({ length: cell.layers }, (_, layer) =>
    states.flatMap((values) => values.slice(layer * hiddenSize, (layer + 1) * hiddenSize)),
  ).flat()
}

/** [S][S], row major */
function differences(cell: Cell, x: readonly number[], s: readonly number[]): number[] {
  const e = 1e-3
  const moved = (unit: number, by: number) =>
    stepFrom(
      cell,
      x,
      s.map((value, index) => value + (index === unit ? by : 0)),
    )
  const columns = s.map((_, unit) => {
    const [up, down, far, low] = [e, -e, 2 * e, -2 * e].map((by) => moved(unit, by))
    return s.map((_, row) => (8 * (up[row] - down[row]) - (far[row] - low[row])) / (12 * e))
  })
  return s.flatMap((_, row) => columns.map((column) => column[row]))
}

describe('stepJacobians', () => {
  it('are what finite differences of a step say, for every cell, layers and topology', () => {
    fc.assert(
      fc.property(cases('float64', 3, own), fc.nat(), (network, which) => {
        const unrolled = run(network)
        const { cell, steps, inputSteps, inputs, fed, batch, present } = unrolled
        const sequence = which % batch
        const jacobians = stepJacobians(unrolled, sequence)
        should(jacobians).have.length(steps)
        for (let t = 1; t <= steps; t++) {
          if (present?.[(t - 1) * batch + sequence] === 0) continue
          const from = t <= inputSteps ? inputs : (fed?.inputs as Tensor)
          const size = from.shape[2]
          const start = ((t <= inputSteps ? t - 1 : t - inputSteps - 1) * batch + sequence) * size
          const x = [...from.data.subarray(start, start + size)]
          const before = unrolled.strands.flatMap(({ hidden, cellState }) =>
            [hidden, ...(cellState ? [cellState] : [])].flatMap(({ data, shape }) => {
              const at = ((t - 1) * batch + sequence) * shape[2]
              return [...data.subarray(at, at + shape[2])]
            }),
          )
          const error = relativeError(jacobians[t - 1], Float64Array.from(differences(cell, x, before)), 1e-3)
          should(error).be.belowOrEqual(1e-8, `step ${t}`)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('are the identity where a sequence pauses or has ended', () => {
    const cell = rnnCell({ type: 'lstm', inputSize: 1, hiddenSize: 2, outputSize: 1, layers: 2 })
    const unrolled = unroll(
      cell,
      [
        [[1], [2], [3]],
        [[4], [5], [6]],
      ],
      { lengths: [3, 2] },
    )
    const identity = diagonal(...new Array(8).fill(1)).flat()
    should([...stepJacobians(unrolled, 1)[2]]).eql(identity)
    should([...stepJacobians(unrolled, 1)[1]]).not.eql(identity)
    should([...stepJacobians(unrolled, 0)[2]]).not.eql(identity)
  })

  it('of the decoder are those of its own weights', () => {
    const sizes = { inputSize: 2, hiddenSize: 3, outputSize: 1, precision: 'float64' } as const
    const cell = rnnCell({ ...sizes, type: 'gru', decoder: true })
    const { Wd, Ud, bd, bnd } = cell.parameters
    const decoder = withParameters(rnnCell({ ...sizes, type: 'gru', inputSize: 1 }), {
      W: Wd,
      U: Ud,
      b: bd,
      bn: bnd,
    })
    const both = (kernel: KernelName) => {
      const decoded = unroll(cell, [[1, 2]], { topology: 'encoder-decoder', steps: 2, kernel })
      const initialState = tensor('float64', [3], decoded.hidden.data.slice(3, 6))
      const rest = unroll(decoder, [0, 0], { initialState, kernel })
      return [stepJacobians(decoded).slice(1), stepJacobians(rest)]
    }
    const [decoded, rest] = both('reference')
    should(decoded).eql(rest)
    both('auto').forEach((jacobians) => {
      for (const [index, jacobian] of rest.entries())
        should(relativeError(jacobians[index], jacobian)).be.below(1e-14)
    })
  })

  it('of a vanilla cell are diag(φ′) W', () => {
    const W = [
      [0.5, 2],
      [-1, 0.3],
    ]
    const cell = rnnCell({
      inputSize: 1,
      hiddenSize: 2,
      outputSize: 1,
      precision: 'float64',
      parameters: { W },
    })
    const unrolled = unroll(cell, [1, -1], { kernel: 'reference' })
    for (const [index, jacobian] of stepJacobians(unrolled).entries()) {
      const h = stateOf(unrolled, index + 1)
      should([...jacobian]).eql(W.flatMap((row, unit) => row.map((w) => (1 - h[unit] ** 2) * w)))
    }
    const byKernels = stepJacobians(unroll(cell, [1, -1]))
    for (const [index, jacobian] of stepJacobians(unrolled).entries())
      should(relativeError(byKernels[index], jacobian)).be.below(1e-14)
  })

  it('refuse two directions, and a sequence that is not in the batch', () => {
    const sizes = { inputSize: 1, hiddenSize: 2, outputSize: 1 }
    throwsExpected(
      () => stepJacobians(unroll(rnnCell({ ...sizes, bidirectional: true }), [1])),
      'expected a cell of one direction for Jacobians of steps, got a bidirectional one',
    )
    throwsExpected(
      () => stepJacobians(unroll(rnnCell(sizes), [1]), 1),
      'expected sequence to be a whole number from 0 up to 0, got 1',
    )
  })
})
