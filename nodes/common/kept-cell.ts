/** A cell ⇄ the file that a keeper keeps. It fits again only a node that would start the same kind of cell. */
import type { Cell, CellSizes, SafetensorsFile, Scale, Tensor } from '../../src'

export interface KeptWith {
  readonly version: number
  readonly scale?: Scale
  /** what the parameters were started from, as text: the dialog's fields that decide it */
  readonly origin: string
}

export const cellToFile = (cell: Cell, { version, scale, origin }: KeptWith): SafetensorsFile => ({
  tensors: new Map(Object.entries(cell.parameters)),
  metadata: {
    origin,
    version: String(version),
    sizes: JSON.stringify(cell.sizes),
    ...(scale && { scale: JSON.stringify(scale) }),
  },
})

export interface KeptCell {
  readonly sizes: CellSizes
  readonly version: number
  readonly scale?: Scale
  readonly parameters: Record<string, Tensor>
}

/** Undefined if there is nothing; 'other' if it was started otherwise than this node would. */
export function cellFromFile(
  file: SafetensorsFile | undefined,
  origin: string,
): KeptCell | 'other' | undefined {
  if (!file) return undefined
  const { origin: own, sizes, version, scale } = file.metadata
  if (own !== origin) return 'other'
  return {
    sizes: JSON.parse(sizes),
    version: Number(version),
    ...(scale && { scale: JSON.parse(scale) }),
    parameters: Object.fromEntries(file.tensors),
  }
}
