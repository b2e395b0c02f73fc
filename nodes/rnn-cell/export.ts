/** What msg.export asks for: a format by name, or { format, scaleInside }. */
import { describe, ExpectedError, type ModelFormat, modelFormats, oneOf, type SaveOptions } from '../../src'

export interface Export {
  readonly format: ModelFormat
  readonly options: Pick<SaveOptions, 'scaleInside'>
}

/** @throws ExpectedError for another format or option; undefined if nothing is asked for */
export function readExport(given: unknown): Export | undefined {
  if (!given) return undefined
  if (typeof given !== 'object') return { format: oneOf('msg.export', given, modelFormats), options: {} }
  const { format, scaleInside = false, ...others } = given as Record<string, unknown>
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw new ExpectedError('msg.export { format, scaleInside }', unknown)
  if (typeof scaleInside !== 'boolean')
    throw new ExpectedError('msg.export.scaleInside to be true or false', describe(scaleInside))
  return { format: oneOf('msg.export.format', format, modelFormats), options: { scaleInside } }
}
