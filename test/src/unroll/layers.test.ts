/** Stacked layers and two directions, out of single cells: each layer takes in the states of the one below. */
import fc from 'fast-check'
import should from 'should'
import { type Cell, rnnCell, type Tensor, unroll } from '../../../src'
import { cases, type Draws, relativeError, run } from '../../support/networks'

const own: Partial<Draws> = {
  topology: fc.constant('many-to-many'),
  readout: fc.constant('none'),
  padding: fc.constant('none'),
  decoder: fc.constant(false),
  layers: fc.constantFrom(2, 3),
}

/** One lane of a cell as a cell of its own, whose output is its hidden state. */
function laneOf(cell: Cell, layer: number, reverse: boolean): Cell {
  const suffix = `${layer === 1 ? '' : layer}${reverse ? 'r' : ''}`
  const { type, activation, gateActivation, resetAfter, peepholes, clip, sizes, precision } = cell
  const names = ['W', 'U', 'b', 'bn', 'p'].filter((name) => name + suffix in cell.parameters)
  return rnnCell({
    type,
    activation,
    gateActivation: type === 'rnn' ? undefined : gateActivation,
    resetAfter,
    peepholes,
    clip,
    precision,
    inputSize: cell.parameters[`U${suffix}`].shape[1],
    hiddenSize: sizes.hiddenSize,
    readout: 'none',
    parameters: Object.fromEntries(names.map((name) => [name, cell.parameters[name + suffix]])),
  })
}

/** Of one lane in [K, B, H], as [B, H]. */
const laneState = ({ data, shape: [, batch, size], dtype }: Tensor, lane: number): Tensor => ({
  dtype,
  shape: [batch, size],
  data: data.slice(lane * batch * size, (lane + 1) * batch * size),
})

type Sequences = number[][][]

const nested = ({ data, shape: [length, batch, size] }: Tensor): Sequences =>
  Array.from({ length: batch }, (_, s) =>
    Array.from({ length }, (_, t) => [...data.subarray((t * batch + s) * size, (t * batch + s + 1) * size)]),
  )

describe('layers and directions', () => {
  it('are single cells on top of each other, the reverse one on the sequence backwards', () => {
    fc.assert(
      fc.property(cases('float64', 7, own), (network) => {
        const { cell } = network
        const whole = run(network)
        const start = network.unroll.initialState
        let seen: Sequences = nested(whole.inputs)
        for (let layer = 1; layer <= cell.layers; layer++) {
          const directions = cell.bidirectional ? [false, true] : [false]
          const said = directions.map((reverse, side) => {
            const lane = (layer - 1) * directions.length + side
            const initialState =
              cell.type === 'lstm'
                ? {
                    h: laneState((start as { h: Tensor }).h, lane),
                    c: laneState((start as { c: Tensor }).c, lane),
                  }
                : laneState(start as Tensor, lane)
            const inputs = reverse ? seen.map((sequence) => sequence.toReversed()) : seen
            const alone = unroll(laneOf(cell, layer, reverse), inputs, {
              topology: 'many-to-many',
              initialState,
            })
            const outputs = nested(alone.outputs)
            return reverse ? outputs.map((sequence) => sequence.toReversed()) : outputs
          })
          seen = said[0].map((sequence, s) =>
            sequence.map((state, t) =>
              said.flatMap((direction) => (direction === said[0] ? state : direction[s][t])),
            ),
          )
        }
        should(relativeError(nested(whole.outputs).flat(2), seen.flat(2))).be.belowOrEqual(1e-13)
      }),
      { numRuns: 80 },
    )
  })

  it('are read together: many-to-one sees the forward state at the last step, the reverse one at the first', () => {
    const cell = rnnCell({
      inputSize: 1,
      hiddenSize: 2,
      readout: 'none',
      bidirectional: true,
      precision: 'float64',
    })
    const many = unroll(cell, [1, 2, 3], { topology: 'many-to-many' }).outputs.data
    const once = unroll(cell, [1, 2, 3], { topology: 'many-to-one' }).outputs.data
    should([...once]).eql([...many.slice(8, 10), ...many.slice(2, 4)])
  })

  it('of two directions are refused where outputs are fed', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1, bidirectional: true })
    for (const topology of ['one-to-many', 'encoder-decoder'] as const)
      should(() => unroll(cell, [1], { topology })).throw(
        `expected a cell of one direction for ${topology}, got a bidirectional one`,
      )
  })
})
