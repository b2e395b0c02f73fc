/** A cell ⇄ the file that a keeper keeps. It fits again only a node that would start the same kind of cell. */
import { type Cell, parameterNames, type SafetensorsFile, type Scale, withParameters } from '../../src'

/** @param origin what the parameters were started from, as text: the dialog's fields that decide it */
export const cellToFile = (cell: Cell, scale: Scale | undefined, origin: string): SafetensorsFile => ({
  tensors: new Map(parameterNames.map((name) => [name, cell.parameters[name]])),
  metadata: { origin, sizes: JSON.stringify(cell.sizes), ...(scale && { scale: JSON.stringify(scale) }) },
})

export interface KeptCell {
  readonly sizes: Cell['sizes']
  readonly scale?: Scale
  readonly restore: (fresh: Cell) => Cell
}

/** Undefined if there is nothing; 'other' if it was started otherwise than this node would. */
export function cellFromFile(
  file: SafetensorsFile | undefined,
  origin: string,
): KeptCell | 'other' | undefined {
  if (!file) return undefined
  if (file.metadata.origin !== origin) return 'other'
  return {
    sizes: JSON.parse(file.metadata.sizes),
    ...(file.metadata.scale && { scale: JSON.parse(file.metadata.scale) }),
    restore: (fresh) => withParameters(fresh, Object.fromEntries(file.tensors)),
  }
}
