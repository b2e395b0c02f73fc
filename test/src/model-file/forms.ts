/** A cell of every form: every type with its options, one to three layers, directions, decoder, readouts. */
import {
  type Cell,
  type CellOptions,
  type Dtype,
  type Model,
  type ModelFormat,
  readoutNames,
  rnnCell,
  saveModel,
} from '../../../src'

const kinds: Partial<CellOptions>[] = [
  { type: 'rnn', activation: 'relu' },
  { type: 'gru' },
  { type: 'gru', resetAfter: false, gateActivation: 'hard-sigmoid' },
  { type: 'lstm', clip: 0.1 },
  { type: 'lstm', peepholes: true, activation: 'sigmoid', gateActivation: 'hard-sigmoid' },
]
const directions: Partial<CellOptions>[] = [{}, { bidirectional: true }, { decoder: true }]

/** Sizes that tell rows from columns; the readout's is its own unless it is none. */
export function cellsOfEveryForm(precision: Dtype): Cell[] {
  const cells: Cell[] = []
  for (const kind of kinds)
    for (const layers of [1, 2, 3])
      for (const direction of directions)
        for (const readout of readoutNames)
          cells.push(
            rnnCell({
              ...kind,
              ...direction,
              layers,
              readout,
              inputSize: 2,
              hiddenSize: 3,
              ...(readout !== 'none' && { outputSize: 5 }),
              seed: cells.length + 1,
              precision,
            }),
          )
  return cells
}

/** What a person writes to have the cell of a file. */
export const cellOf = ({ form, precision, parameters }: Model): Cell =>
  rnnCell({ ...form, ...form.sizes, precision, parameters })

/** Every byte of every parameter, by name. */
export const bytesOf = ({ parameters }: Cell): [string, string, readonly number[], string][] =>
  Object.entries(parameters).map(([name, { dtype, shape, data }]) => [
    name,
    dtype,
    shape,
    Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex'),
  ])

/** The JSON file of a cell with some of it changed. */
export const jsonWith = (cell: Cell, changes: Record<string, unknown>): string =>
  JSON.stringify({ ...JSON.parse(saveModel(cell, 'json' satisfies ModelFormat)), ...changes })
