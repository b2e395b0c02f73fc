/** What a person reads off an unrolled network: its outputs as nested arrays, in the units of the data. */
import { type LinearScale, unscaleFeatures } from '../sequence-source/scaling'
import { swapFirstAxes } from '../tensor/axes'
import { toNested } from '../tensor/nested'
import { readsOnce } from './topology'
import type { Unrolled } from './unrolled'

/**
 * The outputs as [O] (read out once) or [L][O], with a leading [B] for a batch.
 *
 * @param scale undone if given; entries by output
 */
export function predictions(unrolled: Unrolled, scale?: LinearScale): unknown {
  const { outputs, topology, batched, batch, readouts } = unrolled
  const byBatch = swapFirstAxes(scale ? unscaleFeatures(outputs, scale) : outputs)
  const shape = [batch, readouts.length, outputs.shape[2]].filter(
    (_, axis) => (axis !== 0 || batched) && (axis !== 1 || !readsOnce(topology)),
  )
  return toNested({ ...byBatch, shape })
}
