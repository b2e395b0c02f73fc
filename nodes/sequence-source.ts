/** sequence-source: a batch for every message that asks, until the budget is spent. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Node, NodeAPI } from 'node-red'
import {
  type Batch,
  describe,
  ExpectedError,
  type Readings,
  type SequenceSource,
  type SourceOptions,
  sequenceSource,
} from '../src'
import { validationMessages, withBatch } from './common/batch-messages'
import { readDataFile } from './common/data-file'
import { typedField } from './common/fields'
import { gate, readControl } from './common/gate'
import { keeper } from './common/keeper'
import type { RnnMessage } from './common/message'
import { type Send, setUp } from './common/node'
import { position, positionFromFile, positionToFile } from './common/position'
import { sourceOptions } from './common/source-options'
import type { StreamConfig } from './common/stream-options'
import { streamSource } from './common/stream-source'
import { leave, seeSource } from './watch/loops'

export = (RED: NodeAPI) => {
  RED.nodes.registerType('sequence-source', function (this: Node, config: StreamConfig) {
    setUp(RED, this, config, (context) => {
      const { node, status } = context
      if (config.task === 'stream') {
        const stream = streamSource(context, config, (facts) => seeSource(node.id, facts))
        return {
          ...stream,
          close(removed) {
            leave(node.id)
            return stream.close?.(removed)
          },
        }
      }
      const { options, from } = sourceOptions(config)
      const isData = (payload: unknown): payload is Readings =>
        typeof payload === 'string' || (options.task === 'dataset' && Array.isArray(payload))

      let source: SequenceSource | undefined
      /** the last that msg.payload brought */
      let given: Readings | undefined
      let loading: Promise<void> | undefined
      let validating: Promise<void> | undefined
      let run = ''
      let validatedStep = 0
      let closed = false
      const kept = keeper(node, config.store)
      const origin = originOf(options)
      const place = position()
      /** of before a restart or a deploy, until this node has begun */
      let found = kept.read((file) => positionFromFile(file, origin))
      const hold = gate()
      let ended = false
      /** ended before the budget was: only a reset or resume goes on */
      let stopped = false
      const tell = () => seeSource(node.id, { paused: hold.isPaused, done: ended })

      /** A source that starts: what was sent before belongs to an old run. */
      const begin = (data?: Readings): SequenceSource => {
        const anew = sequenceSource({ ...options, data })
        const goesOn = found?.epochSteps === anew.epochSteps ? found : undefined
        found = undefined
        source = goesOn ? sequenceSource({ ...options, data }, goesOn.state) : anew
        run = goesOn?.run ?? `${node.id}.${RED.util.generateId()}`
        validatedStep = goesOn?.validatedStep ?? 0
        place.clear()
        stopped = goesOn?.stopped ?? false
        return source
      }
      const keep = (of: SequenceSource) =>
        kept.write(() => positionToFile({ ...place.now(of, run, validatedStep), stopped }, origin))
      const isOfOldRun = ({ sequence, reset }: RnnMessage) =>
        !reset && sequence?.run?.startsWith(`${node.id}.`) && sequence.run !== run

      const loadFile = async (msg: RnnMessage): Promise<void> => {
        const field = { name: 'file', value: config.file, type: config.fileType ?? 'str' }
        const name = typedField(RED, node, field, msg)
        if (typeof name !== 'string' || name === '')
          throw new ExpectedError('the name of a file', name === undefined ? 'a blank field' : describe(name))
        begin(await readDataFile(RED, name))
      }
      /** One file at a time; until it is read, and if it cannot be, the source stays what it was. */
      const load = (msg: RnnMessage): Promise<void> => {
        const before = loading ?? Promise.resolve()
        const begun = before.catch(() => {}).then(() => loadFile(msg))
        const ended = () => {
          if (loading === begun) loading = undefined
        }
        begun.then(ended, ended)
        loading = begun
        return begun
      }

      /** What is held out, a part each turn of the event loop, so that no pass fills memory or blocks. */
      const validate = async (msg: RnnMessage, send: Send, of: SequenceSource): Promise<void> => {
        const own = run
        for (const message of validationMessages(msg, of, own)) {
          if (closed || run !== own) return
          send([message, null])
          await nextTurn()
        }
      }

      const showPaused = () =>
        status.paused(() => RED._('sequence-source.status.paused', { step: source?.state().step ?? 0 }))

      /** The budget is spent, or there is no use in going on. */
      const end = ({ control: _, ...msg }: RnnMessage, send: Send, of: SequenceSource) => {
        ended = true
        tell()
        const { step, epoch } = of.state()
        status.ready(() => RED._('sequence-source.status.done', { step }))
        send([null, { ...msg, payload: { task: options.task, epoch, step, ...(stopped && { stopped }) } }])
      }
      const stop = (msg: RnnMessage, send: Send, of: SequenceSource) => {
        if (isOfOldRun(msg)) return
        stopped = true
        place.comesBack(msg)
        hold.cameBack()
        keep(of)
        end(msg, send, of)
      }

      const sendBatch = (msg: RnnMessage, send: Send, of: SequenceSource) => {
        if (hold.holds(msg)) return showPaused()
        const before = of.state()
        const { done, value: batch } = stopped ? spent : of.next()
        if (done) return end(msg, send, of)
        ended = false
        tell()
        const { step } = batch
        const total = of.totalSteps === undefined ? '' : `/${of.totalSteps}`
        hold.wentOut()
        place.goesOut(before, step, validatedStep)
        keep(of)
        if (hold.isPaused) showPaused()
        else status.working(() => RED._('sequence-source.status.step', { step: `${step}${total}` }))
        send([withBatch(msg, batch, of, run, options.batch === 1), null])
      }

      const pull = (msg: RnnMessage, send: Send): void | Promise<void> => {
        if (closed || isOfOldRun(msg)) return
        const of = source ?? begin(given)
        if (of.validationDue() && of.state().step !== validatedStep) {
          validatedStep = of.state().step
          const begun = validate(msg, send, of)
          validating = begun
          const ended = () => {
            if (validating === begun) validating = undefined
          }
          begun.then(ended, ended)
        }
        // after the pass all is asked again: the node may have been closed, or the run ended, meanwhile
        return validating ? validating.then(() => pull(msg, send)) : sendBatch(msg, send, of)
      }

      /** What a message that controls the loop lets through. */
      const controlled = (msg: RnnMessage, send: Send): RnnMessage | undefined => {
        const how = readControl(msg.control)
        if (how === 'stop') {
          if (source) stop(msg, send, source)
          return undefined
        }
        if (how === 'resume') stopped = false
        const next = hold.control(how, msg)
        tell()
        if (hold.isPaused) showPaused()
        return next
      }

      return {
        input(received, send) {
          const msg = received.control === undefined ? received : controlled(received, send)
          if (!msg) return
          if (source && msg.sequence?.run === run) {
            hold.cameBack()
            if (place.comesBack(msg)) keep(source)
          }
          if (msg.reset) {
            hold.open()
            found = undefined
          }
          const { payload } = msg
          if (from === 'payload' && isData(payload)) {
            begin(payload)
            given = payload
          } else if (from === 'payload' && given === undefined) {
            const wanted =
              options.task === 'text' ? 'a text first, in' : 'readings first: CSV text or an array in'
            throw new ExpectedError(`${wanted} msg.payload`, describe(payload))
          } else if (from === 'file' && (msg.reset || !(source || loading))) {
            return load(msg).then(() => pull(msg, send))
          } else if (loading) {
            // another message asked for the file; if it cannot be read, what there was goes on
            return loading.then(
              () => pull(msg, send),
              (error) => {
                if (!source) throw error
                return pull(msg, send)
              },
            )
          } else if (msg.reset) {
            begin(given)
          }
          return pull(msg, send)
        },
        close(removed) {
          closed = true
          leave(node.id)
          kept.close(removed)
        },
      }
    })
  })
}

/** Options that decide which sequences come, and in which order. A larger budget makes them no others. */
const originOf = ({ steps: _, epochs: __, ...options }: SourceOptions): string => JSON.stringify(options)

const spent: IteratorResult<Batch, undefined> = { done: true, value: undefined }
