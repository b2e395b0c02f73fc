/** An unrolling once more, with other parameters. */
import type { Cell } from '../rnn-cell/cell'
import { asDtype, type Tensor } from '../tensor/tensor'
import { feedingAgain } from './feeding'
import type { Run } from './prepare'
import { startOf } from './state'
import { unrollRun } from './unroll'
import type { Unrolled } from './unrolled'

/**
 * What another cell of the same form makes of the same sequences: with their first states and lengths, and where outputs
 * were fed back with its own. What was drawn or chosen on the way (teacher forcing, the class that is fed) stays.
 *
 * @param cell its precision is that of the result
 */
export function replay(unrolled: Unrolled, cell: Cell): Unrolled {
  const { topology, batched, batch, steps, inputSteps, readouts, fed, present, zeroPastEnd } = unrolled
  const own = (tensor: Tensor) => asDtype(tensor, cell.precision)
  const { hidden, cellState } = startOf(unrolled)
  const plan = { inputSteps, steps, readouts }
  const feeding = fed && feedingAgain(fed, inputSteps, cell.precision)
  const isProgram = !feeding || feeding.isKnown
  const run: Run = {
    cell,
    topology,
    plan,
    batched,
    batch,
    inputs: own(unrolled.inputs),
    ...(present && { present }),
    zeroPastEnd,
    start: { hidden: own(hidden), ...(cellState && { cellState: own(cellState) }) },
    ...(feeding && { feeding }),
    ...(isProgram && { extent: { topology, batch, ...plan, masked: present !== undefined } }),
  }
  return unrollRun(run)
}
