/** sequence-source, for sequences that are there: a batch for every message that asks, until the budget is spent. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, ExpectedError, type Readings, type SequenceSource } from '../../src'
import { roomFor } from '../common/crowd'
import { typedField } from '../common/fields'
import type { RnnMessage } from '../common/message'
import type { Behaviour, NodeContext, Send } from '../common/node'
import { isAnswer, isAnswerToAnother } from './answers'
import { validationMessages, withBatch } from './batch-messages'
import { readDataFile } from './data-file'
import { gate, readControl } from './gate'
import { type SequenceSourceConfig, sourceOptions } from './options'
import { runsOf } from './runs'
import { underWay } from './under-way'

/** @param tell what the editor is told: whether training is held, or over */
export function batchSource(
  context: NodeContext,
  config: SequenceSourceConfig,
  tell: (facts: { paused: boolean; done: boolean }) => void,
): Behaviour {
  const { RED, node, status } = context
  const { options, from } = sourceOptions(config)
  const runs = runsOf(context, options, config.store)
  const hold = gate()
  const loading = underWay()
  const validating = underWay()
  /** the last that msg.payload brought */
  let given: Readings | undefined
  /** the latest of those that ask while a pass, or a file, is under way */
  let asking: RnnMessage | undefined
  /** the latest of those that ask for the file anew while it is read */
  let reloading: RnnMessage | undefined
  let ended = false
  let closed = false

  const isData = (payload: unknown): payload is Readings =>
    typeof payload === 'string' || (options.task === 'dataset' && Array.isArray(payload))
  const dataOf = ({ payload }: RnnMessage) => (from === 'payload' && isData(payload) ? payload : undefined)
  const withoutData = ({ payload }: RnnMessage) => {
    const wanted = options.task === 'text' ? 'a text first, in' : 'readings first: CSV text or an array in'
    return new ExpectedError(`${wanted} msg.payload`, describe(payload))
  }
  const say = () => tell({ paused: hold.isPaused, done: ended })
  const showPaused = () =>
    status.paused(() => RED._('sequence-source.status.paused', { step: runs.source?.state().step ?? 0 }))

  /** Nothing is refused any more. @param anew the source of these data */
  const begin = (msg: RnnMessage, data: Readings | undefined, anew: SequenceSource) => {
    if (msg.reset) {
      hold.open()
      runs.startAnew()
    }
    runs.begin(data, anew)
  }

  const loadFile = async (msg: RnnMessage): Promise<void> => {
    const field = { name: 'file', value: config.file, type: config.fileType ?? 'str' }
    const name = typedField(RED, node, field, msg)
    if (typeof name !== 'string' || name === '')
      throw new ExpectedError('the name of a file', name === undefined ? 'a blank field' : describe(name))
    const data = await readDataFile(RED, name)
    begin(msg, data, runs.read(data))
  }
  /**
   * One file at a time, and one more for all that ask meanwhile; until it is read, and if it cannot be, the source stays
   * what it was.
   */
  const load = (msg: RnnMessage, send: Send): void | Promise<void> => {
    const before = loading.now
    if (!before) return loading.begin(loadFile(msg)).then(() => pull(msg, send))
    const isFirst = reloading === undefined
    reloading = msg
    if (!isFirst) return
    const again = async (): Promise<void> => {
      const latest = reloading as RnnMessage
      reloading = undefined
      await loading.begin(loadFile(latest))
      await pull(latest, send)
    }
    return before.then(again, again)
  }

  /** After something that is under way, for the latest of those that ask meanwhile. */
  const pullAfter = (job: Promise<void>, msg: RnnMessage, send: Send): void | Promise<void> => {
    const isFirst = asking === undefined
    asking = msg
    if (!isFirst) return
    const go = (): void | Promise<void> => {
      const latest = asking as RnnMessage
      asking = undefined
      return pull(latest, send)
    }
    return job.then(go, (error) => {
      asking = undefined
      throw error
    })
  }

  /**
   * What is held out, a part each turn of the event loop, and none while others wait for worker threads, so that no pass
   * fills memory or blocks.
   */
  const validate = async (msg: RnnMessage, send: Send, source: SequenceSource): Promise<void> => {
    const { id } = runs
    for (const message of validationMessages(msg, source, id)) {
      if (closed || runs.id !== id) return
      send([message, null])
      await nextTurn()
      await roomFor(id)
    }
  }

  /** The budget is spent, or there is no use in going on. */
  const end = ({ control: _, ...msg }: RnnMessage, send: Send, source: SequenceSource) => {
    const { stopped } = runs
    ended = true
    say()
    const { step, epoch } = source.state()
    status.ready(() => RED._('sequence-source.status.done', { step }))
    send([null, { ...msg, payload: { task: options.task, epoch, step, ...(stopped && { stopped }) } }])
  }
  const stop = (msg: RnnMessage, send: Send, source: SequenceSource) => {
    if (runs.isOver(msg)) return
    runs.stopped = true
    runs.comesBack(msg)
    runs.keep()
    hold.cameBack()
    end(msg, send, source)
  }

  const sendBatch = (msg: RnnMessage, send: Send, source: SequenceSource) => {
    if (hold.holds(msg)) return showPaused()
    const { done, value: batch } = runs.next()
    if (done) return end(msg, send, source)
    ended = false
    say()
    hold.wentOut()
    const total = source.totalSteps === undefined ? '' : `/${source.totalSteps}`
    if (hold.isPaused) showPaused()
    else status.working(() => RED._('sequence-source.status.step', { step: `${batch.step}${total}` }))
    send([withBatch(msg, batch, source, runs.id, options.batch === 1), null])
  }

  const pull = (msg: RnnMessage, send: Send): void | Promise<void> => {
    if (closed || runs.isOver(msg)) return
    const source = runs.source ?? runs.begin(given)
    const { step } = source.state()
    if (source.validationDue() && step !== runs.validatedStep) {
      runs.validatedStep = step
      validating.begin(validate(msg, send, source))
    }
    // after the pass all is asked again: the node may have been closed, or the run ended, meanwhile
    return validating.now ? pullAfter(validating.now, msg, send) : sendBatch(msg, send, source)
  }

  /** What a message that controls the loop lets through. */
  const controlled = (msg: RnnMessage, send: Send): RnnMessage | undefined => {
    const how = readControl(msg.control)
    if (how === 'stop') {
      if (runs.source) stop(msg, send, runs.source)
      return undefined
    }
    if (how === 'resume') runs.stopped = false
    const next = hold.control(how, msg)
    say()
    if (hold.isPaused) showPaused()
    return next
  }

  return {
    input(received, send) {
      if (isAnswerToAnother(node.id, received)) return
      const isControl = received.control !== undefined
      const data = dataOf(received)
      const isWithout = from === 'payload' && data === undefined && given === undefined
      if (isWithout && !isControl) throw withoutData(received)
      const read =
        data !== undefined || (received.reset && from !== 'file') ? runs.read(data ?? given) : undefined
      // from here on only a file can be refused
      const msg = isControl ? controlled(received, send) : received
      if (!msg || isWithout) return
      // two wires that lead back are no reason to send two
      if (!isControl && isAnswer(msg) && runs.hasComeBack(msg)) return
      if (runs.source && msg.sequence?.run === runs.id) {
        hold.cameBack()
        runs.comesBack(msg)
      }
      if (dataOf(msg) !== undefined) {
        given = dataOf(msg)
        begin(msg, given, data === given && read ? read : runs.read(given))
      } else if (from === 'file' && (msg.reset || !(runs.source || loading.now))) {
        return load(msg, send)
      } else if (loading.now) {
        // another message asked for the file; if it cannot be read, what there was goes on
        const read = loading.now.catch((error) => {
          if (!runs.source) throw error
        })
        return pullAfter(read, msg, send)
      } else if (msg.reset) {
        begin(msg, given, read ?? runs.read(given))
      }
      return pull(msg, send)
    },
    close(removed) {
      closed = true
      return runs.close(removed)
    },
  }
}
