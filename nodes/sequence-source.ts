/** sequence-source: a batch for every message that asks, until the budget is spent. */
import { readFile } from 'node:fs/promises'
import type { Node, NodeAPI } from 'node-red'
import { describe, ExpectedError, oneOf, type Readings, type SequenceSource, sequenceSource } from '../src'
import { validationMessages, withBatch } from './common/batch-messages'
import { findDataFile } from './common/data-file'
import { typedField, wordField } from './common/fields'
import type { RnnMessage } from './common/message'
import { type Send, setUp } from './common/node'
import { type SequenceSourceConfig, sourceOptions } from './common/source-options'

export = (RED: NodeAPI) => {
  RED.nodes.registerType('sequence-source', function (this: Node, config: SequenceSourceConfig) {
    setUp(RED, this, config, ({ node, status }) => {
      const options = sourceOptions(config)
      const from = oneOf('from', wordField(config.from, 'file'), ['file', 'payload'])
      const readsFile = options.task === 'dataset' && from === 'file'
      const readsPayload = options.task === 'dataset' && from === 'payload'

      let source: SequenceSource | undefined
      let loading: Promise<SequenceSource> | undefined
      let readings: unknown
      let run = ''
      let validatedStep = 0

      /** From here on, what was sent before belongs to an old run. */
      const newRun = () => {
        run = `${node.id}.${RED.util.generateId()}`
        validatedStep = 0
      }
      const isOfOldRun = ({ sequence, reset }: RnnMessage) =>
        !reset && sequence?.run?.startsWith(`${node.id}.`) && sequence.run !== run

      const begin = (data?: unknown) => {
        source = sequenceSource({ ...options, data: data as Readings })
        newRun()
        return source
      }

      const loadFile = async (msg: RnnMessage) => {
        const field = { name: 'file', value: config.file, type: config.fileType ?? 'str' }
        const name = typedField(RED, node, field, msg)
        if (typeof name !== 'string' || name === '')
          throw new ExpectedError('the name of a file', describe(name))
        const data = await readFile(findDataFile(RED, name), 'utf8')
        source = sequenceSource({ ...options, data })
        return source
      }
      const load = (msg: RnnMessage) => {
        newRun()
        const begun = loadFile(msg)
        const ended = () => {
          if (loading === begun) loading = undefined
        }
        begun.then(ended, ended)
        loading = begun
      }

      const pull = (msg: RnnMessage, send: Send, of: SequenceSource) => {
        const { step, epoch } = of.state()
        if (of.validationDue() && step !== validatedStep) {
          validatedStep = step
          for (const message of validationMessages(msg, of, run)) send([message, null])
        }
        const { done, value: batch } = of.next()
        if (done) {
          status.ready(RED._('sequence-source.status.done', { step }))
          send([null, { ...msg, payload: { task: options.task, epoch, step } }])
          return
        }
        const total = of.totalSteps === undefined ? '' : `/${of.totalSteps}`
        status.working(RED._('sequence-source.status.step', { step: `${batch.step}${total}` }))
        send([withBatch(msg, batch, of, run, options.batch === 1), null])
      }

      return {
        input(msg, send) {
          const { payload } = msg
          if (readsPayload && (typeof payload === 'string' || Array.isArray(payload))) {
            begin(payload)
            readings = payload
          } else if (isOfOldRun(msg)) {
            return undefined
          } else if (readsFile) {
            if (msg.reset || !(source || loading)) load(msg)
            if (loading) return loading.then((loaded) => pull(msg, send, loaded))
          } else if (readsPayload && readings === undefined) {
            throw new ExpectedError('readings first: CSV text or an array in msg.payload', describe(payload))
          } else if (msg.reset) {
            begin(readings)
          }
          return pull(msg, send, source ?? begin(readings))
        },
      }
    })
  })
}
