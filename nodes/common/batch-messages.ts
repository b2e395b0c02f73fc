/** Batches of a source as messages. */
import { type Batch, type SequenceSource, toNested } from '../../src'
import type { MessageSequence, RnnMessage } from './message'

/** The message with a batch on it; a source of single sequences sends them without the batch axis. */
export function withBatch(
  msg: RnnMessage,
  batch: Batch,
  source: SequenceSource,
  run: string,
  single: boolean,
): RnnMessage {
  const inputs = toNested(batch.inputs) as unknown[]
  const targets = toNested(batch.targets) as unknown[]
  const { length, inputSize, outputSize, targetKind, scale } = source.task
  msg.payload = single ? inputs[0] : inputs
  msg.target = single ? targets[0] : targets
  msg.sequence = {
    run,
    task: source.name,
    phase: batch.phase,
    epoch: batch.epoch,
    step: batch.step,
    ...(source.totalSteps !== undefined && { steps: source.totalSteps }),
    batch: inputs.length,
    length,
    inputSize,
    outputSize,
    targetKind,
    ...(scale && { scale }),
  }
  return msg
}

/** Everything that is held out, a message a batch; they know their number and how many there are. */
export function validationMessages(msg: RnnMessage, source: SequenceSource, run: string): RnnMessage[] {
  const { reset: _, ...rest } = msg
  const batches = [...source.validation()]
  return batches.map((batch, index) => {
    const message = withBatch({ ...rest }, batch, source, run, false)
    const sequence: MessageSequence = {
      ...message.sequence,
      part: index + 1,
      parts: batches.length,
      last: batch.step === source.totalSteps,
      ...(source.task.naive !== undefined && { naive: source.task.naive }),
    }
    return { ...message, sequence }
  })
}
