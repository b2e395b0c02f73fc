/**
 * Where a source is, as a keeper keeps it. A batch that has gone out and has not come back counts as not sent: after a
 * restart it goes out again, and whoever has seen it already does not do its work twice.
 */
import type { SafetensorsFile, SequenceSource, SourceState } from '../../src'
import type { RnnMessage } from '../common/message'

export interface KeptPosition {
  readonly run: string
  readonly state: SourceState
  /** the step at which the held-out sequences were looked at last */
  readonly validatedStep: number
  /** sequences to train on, by which data are known again */
  readonly epochSteps: number
  /** it was ended before its budget was spent */
  readonly stopped?: boolean
}

export interface Position {
  /** a batch goes out: what is kept stays before it until it comes back */
  goesOut(before: SourceState, step: number, validatedStep: number): void
  /** whether this message is the batch that was awaited; then it is done with */
  comesBack(msg: RnnMessage): boolean
  /** whether it has come back before */
  hasComeBack(msg: RnnMessage): boolean
  /** what is to be kept */
  now(source: SequenceSource, run: string, validatedStep: number): KeptPosition
  clear(): void
}

export function position(): Position {
  /** the batch that came back last */
  let back = 0
  let out: { before: SourceState; step: number; validatedStep: number } | undefined
  return {
    goesOut(before, step, validatedStep) {
      out = { before, step, validatedStep }
    },
    comesBack({ sequence }) {
      if (sequence?.step !== out?.step) return false
      back = Math.max(back, out?.step ?? 0)
      out = undefined
      return true
    },
    hasComeBack: ({ sequence }) => (sequence?.step ?? back + 1) <= back,
    now: (source, run, validatedStep) => ({
      run,
      state: out?.before ?? source.state(),
      validatedStep: out?.validatedStep ?? validatedStep,
      epochSteps: source.epochSteps,
    }),
    clear() {
      back = 0
      out = undefined
    },
  }
}

/** @param origin what the source was made from, as text: the dialog's fields that decide it */
export const positionToFile = (kept: KeptPosition, origin: string): SafetensorsFile => ({
  tensors: new Map(),
  metadata: { origin, position: JSON.stringify(kept) },
})

/** Undefined if it was of another source. */
export const positionFromFile = (file: SafetensorsFile, origin: string): KeptPosition | undefined =>
  file.metadata.origin === origin ? (JSON.parse(file.metadata.position) as KeptPosition) : undefined
