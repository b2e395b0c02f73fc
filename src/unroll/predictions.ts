/** What a person reads off an unrolled network: its outputs as nested arrays, in the units of the data. */
import { ExpectedError } from '../expected'
import type { LinearScale } from '../sequence-source/scaling'
import { swapFirstAxes } from '../tensor/axes'
import { toNested } from '../tensor/nested'
import { type Tensor, tensor } from '../tensor/tensor'
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
  const byBatch = swapFirstAxes(scale ? unscaled(outputs, scale) : outputs)
  const shape = [batch, readouts.length, outputSize].filter(
    (_, axis) => (axis !== 0 || batched) && (axis !== 1 || !readsOnce(topology)),
  )
  return toNested({ ...byBatch, shape })
}

function unscaled(outputs: Tensor, { mean, std }: LinearScale): Tensor {
  const size = outputs.shape[2]
  if (mean.length !== size || std.length !== size)
    throw new ExpectedError(`a target scale of ${size} outputs`, `one of ${mean.length}`)
  const original = tensor('float64', outputs.shape)
  for (let index = 0; index < original.data.length; index++)
    original.data[index] = outputs.data[index] * std[index % size] + mean[index % size]
  return original
}
