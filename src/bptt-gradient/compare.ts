/** The loss of an unrolled network, and what it says to the readout. */
import { ExpectedError, oneOf } from '../expected'
import { entry } from '../tensor/axes'
import { squashes, throughSquash } from '../unroll/readout'
import type { Unrolled } from '../unroll/unrolled'
import type { BpttOptions } from './asked'
import { type LossName, losses, lossNames } from './loss/loss'
import { combineMasks, readMask, readTargets } from './targets'

/** The loss and ∂L/∂(V s_t + c) [L, B, O]. */
export function compare(
  unrolled: Unrolled,
  targets: unknown,
  options: BpttOptions,
): { loss: number; der: Float64Array } {
  const { cell, logits, outputs, readouts, readoutMask } = unrolled
  const { targetKind, readsLogits, compare: ofLoss } = losses[oneOf('loss', options.loss ?? 'mse', lossNames)]
  if (readsLogits && !suits(options.loss, cell.readout))
    throw new ExpectedError(
      `a readout whose activation ${options.loss} takes in (linear, or its own), since it is a loss of logits`,
      cell.readout,
    )
  const { reduction, delta, classWeights, ignoreIndex, positiveWeights } = options
  const mask = combineMasks(readoutMask, readMask(options.mask, unrolled))
  const { loss, der } = ofLoss(
    {
      outputs: readsLogits ? logits : outputs,
      targets: readTargets(targets, unrolled, targetKind).targets,
      ...(mask && { mask }),
    },
    { reduction, delta, classWeights, ignoreIndex, positiveWeights },
  )
  if (readsLogits || !squashes(cell)) return { loss, der }
  const size = der.length / readouts.length
  readouts.forEach((_, index) => {
    const own = der.subarray(index * size, (index + 1) * size)
    own.set(throughSquash(cell, entry(outputs, index), own))
  })
  return { loss, der }
}

/** A loss of logits does away with the activation that belongs to it, and would be wrong on another one. */
const suits = (loss: LossName | undefined, readout: string): boolean =>
  readout === 'linear' || readout === 'none' || readout === (loss === 'cross-entropy' ? 'softmax' : 'sigmoid')
