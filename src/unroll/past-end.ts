/** What is said past the end of a sequence: zeros, if it is to be so, and it does not count. */
import type { Floats } from '../tensor/tensor'
import { absentRows } from './forward'
import type { Run } from './prepare'
import { readsOnce } from './topology'

/** Zeros in [B, O] of a readout for the sequences that have ended. */
export function zeroPastEnd(
  run: Pick<Run, 'present' | 'zeroPastEnd' | 'topology' | 'plan' | 'batch'>,
  values: Floats,
  readout: number,
): void {
  const { present, topology, plan, batch } = run
  if (!present || !run.zeroPastEnd || readsOnce(topology)) return
  const size = values.length / batch
  for (const row of absentRows(present, plan.readouts[readout], batch))
    values.fill(0, row * size, (row + 1) * size)
}

/** Past its end a sequence is not judged; one that is read once is judged by the state it ended in. */
export function readoutMask({ present, plan: { readouts }, topology, batch }: Run): Uint8Array | undefined {
  if (!present || readsOnce(topology)) return undefined
  const mask = new Uint8Array(readouts.length * batch)
  readouts.forEach((t, readout) => {
    mask.set(present.subarray((t - 1) * batch, t * batch), readout * batch)
  })
  return mask.includes(0) ? mask : undefined
}
