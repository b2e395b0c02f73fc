/** What a running rule remembers ⇄ the file that a keeper keeps: plain numbers in the metadata. */
import { type ClipperOptions, type ClipperState, gradientClipper, type SafetensorsFile } from '../../src'
import type { Round } from '../common/once'

export interface KeptClipper {
  readonly state: ClipperState
  readonly last?: Round<ClipperState>
}

export const clipperToFile = ({ state, last }: KeptClipper, options: ClipperOptions): SafetensorsFile => ({
  tensors: new Map(),
  metadata: { options: JSON.stringify(options), clipper: JSON.stringify({ state, last }) },
})

/** Undefined if it was of a clipper with other options. */
export function clipperFromFile(file: SafetensorsFile, options: ClipperOptions): KeptClipper | undefined {
  if (file.metadata.options !== JSON.stringify(options)) return undefined
  const kept = JSON.parse(file.metadata.clipper) as KeptClipper
  // a state that is damaged is refused here, and not by the first gradient
  gradientClipper(options, kept.state)
  return kept
}
