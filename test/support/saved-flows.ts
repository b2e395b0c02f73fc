/** Flows as each released version of this package has saved them, and what their nodes mean. */
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { readDetectorOptions } from '../../nodes/bptt-gradient/detector-options'
import { readGradientOptions, readLossOptions } from '../../nodes/bptt-gradient/options'
import { readClipOptions } from '../../nodes/clip-gradient/options'
import { migrate } from '../../nodes/common/migrations/migrate'
import { readOptimizerOptions } from '../../nodes/optimizer/options'
import { type RnnCellConfig, readCellOptions } from '../../nodes/rnn-cell/options'
import { sourceOptions } from '../../nodes/sequence-source/options'
import { memoryToFile } from '../../nodes/unroll/memory'
import { readMemory, readUnrollOptions } from '../../nodes/unroll/options'
import { root } from '../../scripts/assets'
import { type CellOptions, rnnCell } from '../../src'

const folder = resolve(root, 'test/fixtures/flows')

export type SavedNode = { id: string; type: string; configVersion?: number } & Record<string, unknown>

export interface SavedFlow {
  /** a loop of all six nodes, as the editor of that version saved it */
  readonly flow: SavedNode[]
  /** what they kept in a store of files after forty steps: base64 by key of the flow's context */
  readonly kept: Readonly<Record<string, string>>
  /** the example that `npm start` runs */
  readonly demo?: SavedNode[]
}

export const savedVersions: readonly string[] = readdirSync(folder)
  .flatMap((name) => name.match(/^(\d+\.\d+\.\d+)\.json$/)?.[1] ?? [])
  .sort()

const read = (name: string) => JSON.parse(readFileSync(resolve(folder, name), 'utf8'))

export const savedBy = (version: string): SavedFlow => ({
  flow: read(`${version}.json`),
  kept: read(`${version}.kept.json`),
  ...(readdirSync(folder).includes(`${version}.demo.json`) && { demo: read(`${version}.demo.json`) }),
})

/** The cell itself: a number of layers that is not there and one layer are the same. */
const cellOf = (config: RnnCellConfig) => {
  const { options, sizes, gain } = readCellOptions(config)
  return [rnnCell({ inputSize: 2, outputSize: 1, ...options, ...sizes } as CellOptions), gain]
}

const readers: Readonly<Record<string, (config: never) => unknown>> = {
  'sequence-source': sourceOptions,
  'rnn-cell': cellOf,
  unroll: (config) => [readUnrollOptions(config), memoryToFile(readMemory(config))],
  'bptt-gradient': (config) => [
    readLossOptions(config),
    readGradientOptions(config),
    readDetectorOptions(config),
  ],
  'clip-gradient': readClipOptions,
  optimizer: readOptimizerOptions,
}

/** What the runtime makes of a saved node: options of the library, and where it is wired to. */
export const meaningOf = (saved: SavedNode): object => {
  const options = readers[saved.type](migrate(saved.type, saved) as never)
  const { store = '', wires, name = '' } = saved
  // an output that is wired to nothing may be one that there was not, and what is undefined is not there
  const wired = (wires as string[][]).filter(({ length }) => length > 0)
  return JSON.parse(JSON.stringify({ options, store, wired, name }))
}
