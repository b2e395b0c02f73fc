/** The steps of every kind of cell, against loops that follow the formulas letter by letter. */
import fc from 'fast-check'
import should from 'should'
import type { CellForm, Tensor } from '../../../src'
import { cases, type Draws, relativeError, run } from '../../support/networks'
import { asRows } from '../bptt-gradient/rows'
import { type TextbookState, textbook } from './textbook'

const own: Partial<Draws> = {
  layers: fc.constant(1),
  bidirectional: fc.constant(false),
  topology: fc.constant('many-to-many'),
  padding: fc.constant('none'),
  decoder: fc.constant(false),
}
const kinds: [what: string, own: Partial<Draws>, has: (form: CellForm) => boolean][] = [
  ['h = φ(W h + U x + b)', { type: fc.constant('rnn') }, () => true],
  [
    'the GRU of PyTorch, which resets after the product',
    { type: fc.constant('gru'), resetAfter: fc.constant(true) },
    ({ resetAfter }) => resetAfter,
  ],
  [
    "the GRU of the paper and of ONNX's default, which resets before it",
    { type: fc.constant('gru'), resetAfter: fc.constant(false) },
    ({ resetAfter }) => !resetAfter,
  ],
  ['the LSTM', { type: fc.constant('lstm'), peepholes: fc.constant(false) }, ({ peepholes }) => !peepholes],
  [
    'the LSTM with peepholes',
    { type: fc.constant('lstm'), peepholes: fc.constant(true) },
    ({ peepholes }) => peepholes,
  ],
]

/** The rows of one sequence in a tensor of three axes, of which the second is the batch. */
const rowsOf = ({ data, shape: [length, batch, size] }: Tensor, sequence: number): number[][] =>
  Array.from({ length }, (_, t) => [
    ...data.subarray((t * batch + sequence) * size, (t * batch + sequence + 1) * size),
  ])

describe('a step', () => {
  for (const [what, kind, has] of kinds)
    it(`is ${what}, under every activation and clip`, () => {
      fc.assert(
        fc.property(cases('float64', 10, { ...own, ...kind }), (network) => {
          const { cell, inputs } = network
          should(has(cell)).be.true()
          const { strands, batch, steps } = run(network)
          const [{ hidden, cellState }] = strands
          for (let sequence = 0; sequence < batch; sequence++) {
            const [, , size] = inputs.shape
            const x = asRows(inputs.data.slice(sequence * steps * size, (sequence + 1) * steps * size), size)
            const start: TextbookState = {
              h: rowsOf(hidden, sequence)[0],
              c: cellState ? rowsOf(cellState, sequence)[0] : [],
            }
            const wanted = textbook(cell, x, start)
            const close = (got: number[][], should_: number[][]) =>
              should(relativeError(got.flat(), should_.flat(), 1e-3)).be.belowOrEqual(1e-12)
            close(
              rowsOf(hidden, sequence),
              wanted.map(({ h }) => h),
            )
            if (cellState)
              close(
                rowsOf(cellState, sequence),
                wanted.map(({ c }) => c),
              )
          }
        }),
        { numRuns: 80 },
      )
    })
})
