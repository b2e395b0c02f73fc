/**
 * sequence-source, for readings as they come. A message with a reading goes on at once, as a step to predict from; any
 * other asks for a batch of recent windows to learn from, and gets it when there are enough, at a stated rate.
 */
import { describe, ExpectedError, sensorStream } from '../../../src'
import type { RnnMessage } from '../../common/message'
import type { Behaviour, NodeContext, Send } from '../../common/node'
import { topicOf } from '../../common/topic'
import { isAnswerToAnother } from '../answers'
import { gate, readControl } from '../gate'
import { isRunOf } from '../runs'
import { keptStream } from './kept-stream'
import { toPredict, withStreamBatch } from './messages'
import { readStreamOptions, type StreamConfig } from './options'
import { paced } from './paced'

/** @param tell what the editor is told: whether training is held, or over */
export function streamSource(
  context: NodeContext,
  config: StreamConfig,
  tell: (facts: { paused: boolean; done: boolean }) => void,
): Behaviour {
  const { RED, node, status } = context
  const { options, rate } = readStreamOptions(config)
  const newRun = () => `${node.id}.${RED.util.generateId()}`
  const kept = keptStream(context, config.store, options)
  let { stream, run } = kept.read() ?? { stream: sensorStream(options), run: newRun() }
  const { time, timeField, batch: batchSize } = stream.settings
  const hold = gate()
  /** only a reset or resume goes on */
  let stopped = false
  /** the next batch starts the whole loop again */
  let resets = false
  const warned = { late: false, duplicates: false, evicted: false, seconds: false }

  const say = (key: string, words: object) => RED._(`sequence-source.${key}`, words as Record<string, string>)
  const isReady = () => stream.windows >= batchSize
  const show = () => {
    const { topics, windows } = stream
    if (hold.isPaused) status.paused(() => say('status.paused', { step: stream.step }))
    else if (stopped) status.ready(() => say('status.done', { step: stream.step }))
    else if (pulls.isWaiting && !isReady())
      status.working(() => say('status.windows', { windows, batch: batchSize }))
    else if (stream.step > 0) status.working(() => say('status.step', { step: stream.step }))
    else status.working(() => say('status.topics', { topics }))
  }
  const tellAndShow = () => {
    tell({ paused: hold.isPaused, done: stopped })
    show()
  }

  const pulls = paced(rate, isReady, (msg, send) => {
    const batch = stream.batch()
    if (!batch) return
    hold.wentOut()
    const { reset: _, ...rest } = msg
    const message = withStreamBatch(rest, batch, stream, run, batchSize === 1)
    if (resets) message.reset = true
    resets = false
    show()
    send([message, null])
  })

  const isOfOldRun = ({ sequence, reset }: RnnMessage) =>
    !reset && isRunOf(node.id, sequence?.run) && sequence?.run !== run

  const pull = (msg: RnnMessage, send: Send) => {
    if (stopped || isOfOldRun(msg)) return
    if (!hold.holds(msg)) pulls.offer(msg, send)
    show()
  }

  const take = (msg: RnnMessage, send: Send) => {
    const at = time === 'field' ? (msg as Record<string, unknown>)[timeField] : Date.now()
    const taken = stream.take(topicOf(msg), msg.payload, at)
    for (const stretch of taken.stretches) send([toPredict(msg, stretch, stream), null])
    for (const kind of ['late', 'duplicates', 'evicted', 'seconds'] as const) {
      if (!taken[kind] || warned[kind]) continue
      warned[kind] = true
      node.warn(say(`message.${kind}`, { topic: topicOf(msg), most: stream.settings.topics }))
    }
    if (taken.setBack) node.warn(say('message.setBack', { topic: topicOf(msg) }))
    kept.write(stream, run)
    pulls.look()
    show()
    // the reading itself is in order
    if (taken.error) throw taken.error
  }

  const startAgain = (msg: RnnMessage, send: Send) => {
    if (topicOf(msg) !== '') return stream.forget(topicOf(msg))
    stream = sensorStream(options)
    run = newRun()
    stopped = false
    resets = true
    hold.open()
    tellAndShow()
    return pull(msg, send)
  }

  const freeze = (msg: RnnMessage) => {
    if (typeof msg.freeze !== 'boolean')
      throw new ExpectedError('msg.freeze to be true or false', describe(msg.freeze))
    stream.freeze(topicOf(msg) || undefined, msg.freeze)
  }

  const stop = ({ control: _, ...msg }: RnnMessage, send: Send) => {
    if (isOfOldRun(msg)) return
    stopped = true
    pulls.take()
    hold.cameBack()
    tellAndShow()
    send([null, { ...msg, payload: { task: 'stream', step: stream.step, stopped } }])
  }

  const control = (msg: RnnMessage, send: Send) => {
    const how = readControl(msg.control)
    if (how === 'stop') return stop(msg, send)
    if (how === 'resume') stopped = false
    const waiting = pulls.take()
    const next = hold.control(how, waiting ?? msg) ?? waiting
    tellAndShow()
    if (next) pull(next, send)
  }

  return {
    input(msg, send) {
      if (isAnswerToAnother(node.id, msg)) return undefined
      if (msg.control !== undefined) return control(msg, send)
      if (msg.reset) return startAgain(msg, send)
      if (msg.freeze !== undefined) return freeze(msg)
      if (msg.sequence?.run === run) hold.cameBack()
      return asks(msg) ? pull(msg, send) : take(msg, send)
    },
    close(removed) {
      pulls.close()
      return kept.close(removed, stream, run)
    },
  }
}

/** What has come round the loop, or has nothing in it, brings no reading. */
const asks = ({ sequence, payload }: RnnMessage): boolean =>
  sequence?.run !== undefined || payload === undefined || payload === null || payload === ''
