/** Batches of a source as messages. */
import { type Batch, type SequenceSource, type Tensor, toNested } from '../../src'
import { setNested } from '../common/lazy'
import type { RnnMessage } from '../common/message'

/**
 * The message with a batch on it; a source of single sequences sends inputs, targets and their mask without the batch
 * axis. Sequences that differ in length are padded to the longest of their batch.
 */
export function withBatch(
  msg: RnnMessage,
  batch: Batch,
  source: SequenceSource,
  run: string,
  single: boolean,
): RnnMessage {
  const targetMask = batch.targetMask && (toNested(batch.targetMask) as unknown[])
  const { withinFloat32 } = source.task
  const { inputSize, outputSize, targetKind, targetsPer, scale, vocabulary, classes } = source.task
  const { lengths } = batch
  // an update belongs to rnn-cell: one that took a wrong turn must not be added on the way
  delete msg.update
  setNested(msg, 'payload', single ? first(batch.inputs) : batch.inputs, withinFloat32)
  setNested(msg, 'target', single ? first(batch.targets) : batch.targets, withinFloat32)
  msg.sequence = {
    run,
    task: source.name,
    phase: batch.phase,
    epoch: batch.epoch,
    step: batch.step,
    ...(source.totalSteps !== undefined && { steps: source.totalSteps }),
    batch: batch.inputs.shape[0],
    length: batch.inputs.shape[1],
    inputSize,
    outputSize,
    targetKind,
    ...(lengths && { lengths }),
    ...(lengths && targetsPer === 'step' && { targetLengths: lengths }),
    ...(targetMask && { targetMask: single ? targetMask[0] : targetMask }),
    ...(vocabulary && { vocabulary }),
    ...(classes && { classes }),
    ...(scale && { scale }),
  }
  return msg
}

/** The one sequence of a batch of one. */
const first = ({ shape, dtype, data }: Tensor): Tensor => ({ shape: shape.slice(1), dtype, data })

/** Everything that is held out, a message a batch, made when it is asked for; each knows its number and how many there are. */
export function* validationMessages(
  msg: RnnMessage,
  source: SequenceSource,
  run: string,
): Generator<RnnMessage> {
  const { reset: _, ...rest } = msg
  let part = 0
  for (const batch of source.validation()) {
    part += 1
    const message = withBatch({ ...rest }, batch, source, run, false)
    message.sequence = {
      ...message.sequence,
      part,
      parts: source.validationSteps,
      last: batch.step === source.totalSteps,
      ...(source.task.naive !== undefined && { naive: source.task.naive }),
    }
    yield message
  }
}
