/** A cell ⇄ the file that a keeper keeps. It fits again only a node that would start the same kind of cell. */
import { isDeepStrictEqual } from 'node:util'
import type { Cell, CellSizes, SafetensorsFile, Scale, Tensor } from '../../src'

export interface KeptWith {
  readonly version: number
  readonly scale?: Scale
  /** the topics of its data have each their own */
  readonly scaledByTopic?: boolean
  /** what the parameters were started from, as text: the dialog's fields that decide it */
  readonly origin: string
  /** the latest training batch whose update is in these parameters */
  readonly applied?: Applied
  /** of the best so far: its loss, and passes since that were no better */
  readonly judged?: { readonly loss: number; readonly since: number }
}

export interface Applied {
  readonly run: string
  readonly step: number
}

export const cellToFile = (
  cell: Cell,
  { version, scale, scaledByTopic, origin, applied, judged }: KeptWith,
): SafetensorsFile => ({
  tensors: new Map(Object.entries(cell.parameters)),
  metadata: {
    origin,
    version: String(version),
    sizes: JSON.stringify(cell.sizes),
    ...(scale && { scale: JSON.stringify(scale) }),
    ...(scaledByTopic && { scaledByTopic: 'true' }),
    ...(applied && { applied: JSON.stringify(applied) }),
    ...(judged && { judged: JSON.stringify(judged) }),
  },
})

export interface KeptCell extends Omit<KeptWith, 'origin'> {
  readonly sizes: CellSizes
  readonly parameters: Record<string, Tensor>
}

/** Undefined if it was started otherwise than this node would. */
export function cellFromFile(file: SafetensorsFile, origin: string): KeptCell | undefined {
  const { origin: own, sizes, version, scale, scaledByTopic, applied, judged } = file.metadata
  if (!isDeepStrictEqual(formOf(own), formOf(origin))) return undefined
  return {
    sizes: JSON.parse(sizes),
    version: Number(version),
    ...(scale && { scale: JSON.parse(scale) }),
    ...(scaledByTopic && { scaledByTopic: true }),
    ...(applied && { applied: JSON.parse(applied) }),
    ...(judged && { judged: JSON.parse(judged) }),
    parameters: Object.fromEntries(file.tensors),
  }
}

/** 0.1.0 knew one kind of cell and wrote nothing of it; a number of layers that is left blank is one. */
const formOf = (origin: string): object => ({ ...firstForm, ...JSON.parse(origin) })
const firstForm = { type: 'rnn', layers: 1, bidirectional: false, decoder: false, readout: 'linear' }
