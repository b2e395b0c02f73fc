/** What a stream sends: steps to predict from, and batches to learn from. */
import { type SensorStream, type StreamBatch, type Stretch, type Tensor, toNested } from '../../../src'
import { setNested } from '../../common/lazy'
import type { RnnMessage } from '../../common/message'

/**
 * The message of a reading as one to predict from: its topic and whatever else it has stay with it. It has no target, and
 * asks for nothing any more.
 */
export function toPredict(msg: RnnMessage, stretch: Stretch, { fields, settings }: SensorStream): RnnMessage {
  const { inputs, scale, begins, steps, times, truths } = stretch
  const { target: _, update: __, initialState: ___, ...rest } = msg
  return {
    ...rest,
    payload: inputs,
    sequence: {
      task: 'stream',
      phase: 'predict',
      batch: 1,
      length: inputs.length,
      inputSize: fields?.inputs.length,
      outputSize: fields?.targets.length,
      targetKind: 'value',
      ...(scale && { scale }),
      stream: { begins, steps, times, truths, horizon: settings.horizon },
    },
  }
}

/** The message with a batch on it; batches of one come without the batch axis, as those of every source. */
export function withStreamBatch(
  msg: RnnMessage,
  batch: StreamBatch,
  { fields, topics, settings }: SensorStream,
  run: string,
  single: boolean,
): RnnMessage {
  const { inputs, targets, mask, targetMask, scales, step } = batch
  const own = (tensor: Tensor): Tensor => (single ? { ...tensor, shape: tensor.shape.slice(1) } : tensor)
  // an update belongs to rnn-cell: one that took a wrong turn must not be added on the way
  delete msg.update
  setNested(msg, 'payload', own(inputs))
  setNested(msg, 'target', own(targets))
  msg.sequence = {
    run,
    task: 'stream',
    phase: 'train',
    step,
    batch: inputs.shape[0],
    length: inputs.shape[1],
    inputSize: fields?.inputs.length,
    outputSize: fields?.targets.length,
    targetKind: 'value',
    ...(mask && { mask: toNested(own(mask)) }),
    ...(targetMask && { targetMask: toNested(own(targetMask)) }),
    // of several topics each has its own, unless the numbers are given
    ...(scales && (topics === 1 || settings.scaling === 'fixed' ? { scale: scales[0] } : { scales })),
  }
  return msg
}
