/** What a person reads off an unrolled network: its outputs as nested arrays, in the units of the data. */
import { type LinearScale, unscaleFeatures, unscaleSequences } from '../sequence-source/scaling'
import { swapFirstAxes } from '../tensor/axes'
import { toNested } from '../tensor/nested'
import type { Tensor } from '../tensor/tensor'
import { readsOnce } from './topology'
import type { Unrolled } from './unrolled'

/**
 * The outputs as [O] (read out once) or [L][O], with a leading [B] for a batch.
 *
 * @param scale undone if given, one for all sequences or one for each; entries by output
 */
export function predictions(unrolled: Unrolled, scale?: LinearScale | readonly LinearScale[]): unknown {
  const { outputs, topology, batched, batch, readouts } = unrolled
  const bySequence = swapFirstAxes(outputs)
  const byBatch = scale ? unscaled(bySequence, scale) : bySequence
  const shape = [batch, readouts.length, outputs.shape[2]].filter(
    (_, axis) => (axis !== 0 || batched) && (axis !== 1 || !readsOnce(topology)),
  )
  return toNested({ ...byBatch, shape })
}

const unscaled = (from: Tensor, scale: LinearScale | readonly LinearScale[]): Tensor =>
  'mean' in scale ? unscaleFeatures(from, scale) : unscaleSequences(from, scale)
