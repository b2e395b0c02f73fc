/** What a file of tensors or of a graph says of its cell besides: all of the form and the scale of the data, as texts. */
import { ExpectedError } from '../expected'
import type { CellForm } from '../rnn-cell/form'
import { type ModelScale, readScale, type ScaleSizes } from './scale'

export type Metadata = Readonly<Record<string, string>>

/** `scale: none` says that the data were not scaled; no scale at all says nothing. */
const noScale = 'none'

export function metadataOf({ sizes, ...options }: CellForm, scale: ModelScale): Record<string, string> {
  const entries = Object.entries({ ...options, ...sizes }).filter(([, value]) => value !== undefined)
  return {
    ...Object.fromEntries(entries.map(([name, value]) => [name, String(value)])),
    ...(scale !== undefined && { scale: scale === null ? noScale : JSON.stringify(scale) }),
  }
}

/** Metadata of this package, the format's or some other program's being none of our business. */
export const isOurs = ({ type, activation }: Metadata): boolean =>
  type !== undefined && activation !== undefined

/** @throws ExpectedError for a text that is no scale, or one of other features than the cell */
export function scaleOf(metadata: Metadata, sizes: ScaleSizes): ModelScale {
  const { scale } = metadata
  if (!isOurs(metadata) || scale === undefined) return undefined
  if (scale === noScale) return null
  return readScale(parsed(scale), sizes)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ExpectedError('a scale as JSON, or none', 'another text')
  }
}
