/** What a person reads off an unrolled network: its outputs as nested arrays, in the units of the data. */
import { type LinearScale, unscaleFeatures } from '../sequence-source/scaling'
import { swapFirstAxes } from '../tensor/axes'
import { toNested } from '../tensor/nested'
import { readsOnce } from './topology'
import type { Unrolled } from './unroll'

/**
 * The outputs as [O] (read out once) or [L][O], with a leading [B] for a batch.
 *
 * @param scale undone if given; entries by output
 */
export function predictions(unrolled: Unrolled, scale?: LinearScale): unknown {
  const { outputs, topology, batched, batch, readouts, cell } = unrolled
  const { outputSize } = cell.sizes
  const byBatch = swapFirstAxes(scale ? unscaleFeatures(outputs, scale) : outputs)
  const shape = [batch, readouts.length, outputSize].filter(
    (_, axis) => (axis !== 0 || batched) && (axis !== 1 || !readsOnce(topology)),
  )
  return toNested({ ...byBatch, shape })
}
