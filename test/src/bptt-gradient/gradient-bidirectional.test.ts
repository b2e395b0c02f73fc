/** A layer of two directions is two cells, one of which reads the sequence backwards: gradient, terms, growth, credit. */
import fc from 'fast-check'
import should from 'should'
import {
  bpttGradient,
  type Cell,
  type Gradient,
  rnnCell,
  type Tensor,
  type Unrolled,
  unroll,
  withParameters,
} from '../../../src'
import { type Case, cases, type Draws, gradientOf, relativeError, run } from '../../support/networks'

const own: Partial<Draws> = {
  layers: fc.constant(1),
  bidirectional: fc.constant(true),
  topology: fc.constantFrom('many-to-one', 'many-to-many'),
  readout: fc.constant('linear'),
  padding: fc.constant('none'),
  loss: fc.constant('mse'),
  reduction: fc.constant('sum'),
}

const mapped = (from: Tensor, shape: readonly number[], at: (index: number) => number): Tensor => ({
  ...from,
  shape,
  data: Float64Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, index) =>
    at(index),
  ),
})

/** [B, T, …] with its steps backwards. */
const backwards = (from: Tensor): Tensor => {
  if (from.shape.length === 2) return from
  const [, steps, size] = from.shape
  return mapped(from, from.shape, (index) => {
    const t = Math.floor(index / size) % steps
    return from.data[index + (steps - 1 - 2 * t) * size]
  })
}

/** The cell of one direction, with its half of V; c goes with the forward one. */
function directionOf({ cell }: Case, reverse: boolean): Cell {
  const { bidirectional: _, sizes, parameters, type, peepholes, resetAfter, ...form } = cell
  const { hiddenSize } = sizes
  const single = rnnCell({
    ...form,
    ...sizes,
    type,
    ...(type === 'lstm' && { peepholes }),
    ...(type === 'gru' && { resetAfter }),
    ...(type === 'rnn' && { gateActivation: undefined }),
    decoder: false,
  })
  const V = mapped(parameters.V, single.parameters.V.shape, (index) => {
    const [row, column] = [Math.floor(index / hiddenSize), index % hiddenSize]
    return parameters.V.data[(2 * row + Number(reverse)) * hiddenSize + column]
  })
  const names = Object.keys(single.parameters).filter((name) => name !== 'V' && name !== 'c')
  const parts = names.map((name) => [name, parameters[name + (reverse ? 'r' : '')]])
  const c = reverse ? mapped(parameters.c, parameters.c.shape, () => 0) : parameters.c
  return withParameters(single, { ...Object.fromEntries(parts), V, c })
}

/** What one direction is to say so that it misses by what both miss together: the loss slopes are then the same. */
function shareOf(network: Case, reverse: boolean): { unrolled: Unrolled; targets: Tensor } {
  const { inputs, targets, unroll: options } = network
  const both = run(network)
  const half = (state: unknown): unknown => {
    if (!('data' in (state as Tensor))) {
      const { h, c } = state as { h: unknown; c: unknown }
      return { h: half(h), c: half(c) }
    }
    const { data, dtype, shape } = state as Tensor
    const size = data.length / 2
    return {
      dtype,
      shape: [1, ...shape.slice(1)],
      data: data.slice(Number(reverse) * size, (1 + Number(reverse)) * size),
    }
  }
  const unrolled = unroll(directionOf(network, reverse), reverse ? backwards(inputs) : inputs, {
    topology: options.topology,
    initialState: half(options.initialState),
  })
  const [length, batch, size] = both.outputs.shape
  const misses = mapped(targets, targets.shape, (index) => {
    const [sequence, l, output] = [
      Math.floor(index / length / size),
      Math.floor(index / size) % length,
      index % size,
    ]
    return both.outputs.data[(l * batch + sequence) * size + output] - targets.data[index]
  })
  const turned = reverse ? backwards(misses) : misses
  const aim = mapped(targets, targets.shape, (index) => {
    const [sequence, l, output] = [
      Math.floor(index / length / size),
      Math.floor(index / size) % length,
      index % size,
    ]
    return unrolled.outputs.data[(l * batch + sequence) * size + output] - turned.data[index]
  })
  return { unrolled, targets: aim }
}

describe('a layer of two directions', () => {
  it('has the gradient, terms, growth and credit of two cells, those of the reverse one backwards', () => {
    fc.assert(
      fc.property(cases('float64', 7, own), (network) => {
        const both = gradientOf(network, { credit: true })
        for (const reverse of [false, true]) {
          const { unrolled, targets } = shareOf(network, reverse)
          const one = bpttGradient(unrolled, targets, { ...network.loss, credit: true })
          const inTime = <Value>(values: readonly Value[]) => (reverse ? values.toReversed() : [...values])
          const suffix = reverse ? 'r' : ''
          const close = (a: number[], b: number[], what: string) =>
            should(relativeError(a, b, 1e-3 * both.norm)).be.belowOrEqual(1e-12, what)
          for (const name of Object.keys(one.credit?.norms ?? {})) {
            const theirs = name + suffix
            close([...both.parameters[theirs].data], [...one.parameters[name].data], theirs)
            close(both.terms[theirs], inTime(one.terms[name]), `terms of ${theirs}`)
            const credit = inTime(one.credit?.norms[name] ?? []).map(inTime)
            close(both.credit?.norms[theirs].flat() ?? [], credit.flat(), `credit of ${theirs}`)
          }
          const growths = reverse ? both.reverse : both
          sameLogs(growths?.growth ?? [], inTime(one.growth))
          sameLogs(growths?.carry ?? [], inTime(one.carry))
        }
      }),
      { numRuns: 80 },
    )
  })

  it('tells of the reverse direction only where there is one', () => {
    const sizes = { inputSize: 1, hiddenSize: 2, outputSize: 1 }
    const of = (bidirectional: boolean): Gradient =>
      bpttGradient(unroll(rnnCell({ ...sizes, bidirectional }), [1, 2, 3]), [1])
    should(of(false)).not.have.property('reverse')
    should(of(true).reverse?.growth).have.length(3)
    should(of(true).reverse?.carry).have.length(2)
  })
})

function sameLogs(a: readonly number[], b: readonly number[]): void {
  should(a.length).equal(b.length)
  // what cancels to next to nothing has no exact logarithm
  for (const [index, value] of b.entries())
    if (value > -25) should(a[index]).be.approximately(value, 1e-6)
    else should(a[index]).be.below(-20)
}
