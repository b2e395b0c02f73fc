/**
 * Every type of cell trains under every topology: the message carries all that the gradient needs, and the update comes
 * back to the cell.
 */
import { isDeepStrictEqual } from 'node:util'
import should from 'should'
import { allFromMessage } from '../../nodes/common/tensors'
import {
  bpttGradient,
  type CellOptions,
  rnnCell,
  type Topology,
  topologyNames,
  type UnrollOptions,
  unroll,
} from '../../src'
import { cellOf } from '../support/cell-flow'
import { type FlowNode, loop, type Message, withFlow } from '../support/flow'
import { relativeError } from '../support/networks'

const sequences = [
  [
    [1, 0],
    [0.5, -1],
    [0, 2],
  ],
  [
    [-1, 1],
    [0.25, 0.5],
    [2, -2],
  ],
]
const answersOf = (steps: number) =>
  sequences.map((_, sequence) => Array.from({ length: steps }, (__, step) => [sequence - step / 2, 0.5]))

/** Two features in, two numbers out. */
const messages: Record<Topology, { payload: unknown; target: unknown }> = {
  'one-to-one': {
    payload: sequences.map(([first]) => first),
    target: [
      [1, 2],
      [3, 4],
    ],
  },
  'one-to-many': { payload: sequences.map(([first]) => first), target: answersOf(4) },
  'many-to-one': {
    payload: sequences,
    target: [
      [1, 2],
      [3, 4],
    ],
  },
  'many-to-many': { payload: sequences, target: answersOf(3) },
  'encoder-decoder': { payload: sequences, target: answersOf(2) },
}

const cells: [Partial<CellOptions>, object][] = [
  [{ type: 'rnn' }, { cellType: 'rnn' }],
  [{ type: 'gru' }, { cellType: 'gru' }],
  [
    { type: 'gru', resetAfter: false, decoder: true },
    { cellType: 'gru', resetAfter: false, decoder: true },
  ],
  [{ type: 'lstm' }, { cellType: 'lstm' }],
  [
    { type: 'lstm', peepholes: true, layers: 2, readout: 'sigmoid', clip: 0.5 },
    { cellType: 'lstm', peepholes: true, layers: '2', readout: 'sigmoid', clip: '0.5' },
  ],
]
const bothWays: [Partial<CellOptions>, object] = [
  { type: 'gru', bidirectional: true, layers: 2, gateActivation: 'hard-sigmoid' },
  { cellType: 'gru', bidirectional: true, layers: '2', gateActivation: 'hard-sigmoid' },
]

/** The loop without a source: the cell sends what it is given, and takes in the update that comes back. */
const trainer = (cell: object, unrolling: object): FlowNode[] =>
  loop({
    cell: { ...cell, precision: 'float64', wires: [['unroll'], ['updated'], ['model']] },
    unroll: unrolling,
  })

/** The gradient of the library for the same cell and message. */
function libraryGradient(options: Partial<CellOptions>, topology: Topology, unrolling: UnrollOptions = {}) {
  const cell = rnnCell({ inputSize: 2, hiddenSize: 6, outputSize: 2, precision: 'float64', ...options })
  const { payload, target } = messages[topology]
  return bpttGradient(unroll(cell, payload, { topology, targets: target, ...unrolling }), target)
}

function shouldBeGradient(msg: Message, expected: ReturnType<typeof libraryGradient>) {
  should(msg.loss).be.approximately(expected.loss, 1e-12)
  const own = allFromMessage(msg.gradient?.parameters ?? {}, 'gradient')
  should(Object.keys(own)).eql(Object.keys(expected.parameters))
  for (const [name, { data }] of Object.entries(own))
    should(relativeError(data, expected.parameters[name].data)).be.below(1e-12, name)
}

const isOneWay = (topology: Topology) => !['one-to-many', 'encoder-decoder'].includes(topology)

describe('unroll, every cell under every topology', () => {
  for (const topology of topologyNames) {
    for (const [options, settings] of isOneWay(topology) ? [...cells, bothWays] : cells) {
      it(`${topology} trains ${JSON.stringify(options)}`, () =>
        withFlow(trainer(settings, { topology, feed: 'output' }), async (flow) => {
          const feed = isOneWay(topology) ? {} : { feed: 'output' as const }
          const weights: number[][] = []
          for (let step = 1; step <= 2; step++) {
            flow.send('cell', messages[topology])
            const seen = await flow.next('gradients')
            if (step === 1) shouldBeGradient(seen, libraryGradient(options, topology, feed))
            const { cell, payload } = await flow.next('updated')
            should(cell?.version).equal(step + 1)
            should(payload).containEql({ step, skipped: false })
            weights.push([...allFromMessage(cellOf(seen).parameters, 'cell').U.data])
          }
          should(weights[1]).not.eql(weights[0])
          should(flow.taken('errors')).eql([])
        }))
    }
  }

  it('says so if a cell that reads in both directions is to go on by itself', () =>
    withFlow(trainer(bothWays[1], { topology: 'one-to-many' }), async (flow) => {
      flow.send('cell', messages['one-to-many'])
      should((await flow.next('errors')).error?.message).match(
        /^unroll: expected a cell of one direction for one-to-many, got a bidirectional one/,
      )
    }))
})

describe('unroll, a big batch on two wires', () => {
  for (const cellType of ['rnn', 'lstm'] as const) {
    it(`arrives whole at both, and the gradient is the same behind either: ${cellType}`, async () => {
      const payload = Array.from({ length: 200 }, (_, row) =>
        Array.from({ length: 50 }, (__, step) => [Math.sin(row + step), Math.cos(row * step)]),
      )
      const message = { payload, target: payload.map(([[first]]) => [first, -first]) }
      const seen: Message[][] = []
      // the second of two wires gets the copy
      for (const wires of [
        ['bptt', 'predictions'],
        ['predictions', 'bptt'],
      ])
        await withFlow(trainer({ cellType, hiddenSize: '16' }, { wires: [wires] }), async (flow) => {
          flow.send('cell', message)
          seen.push([await flow.next('predictions'), await flow.next('gradients')])
        })
      const [[copied, before], [original, after]] = seen
      should(isDeepStrictEqual(copied.unrolled, original.unrolled)).be.true()
      for (const { unrolled } of [copied, original]) {
        const { strands, outputs } = unrolled as NonNullable<Message['unrolled']>
        should(strands[0].hidden.shape).eql([51, 200, 16])
        should(Buffer.isBuffer(strands[0].hidden.data)).be.true()
        should(strands[0].hidden.data.length).equal(51 * 200 * 16 * 8)
        should(Buffer.isBuffer(outputs.data)).be.true()
      }
      should(isDeepStrictEqual(after.gradient, before.gradient)).be.true()
      should(Number.isFinite(after.loss)).be.true()
    })
  }
})
