/** rnn-cell: owns the parameters. Hands out snapshots, takes updates in, and gives the model away as a file. */
import type { Node, NodeAPI } from 'node-red'
import { applyUpdate, describe, ExpectedError, oneOf, saveModel } from '../src'
import { bringsSequence } from './common/brought'
import { cellToMessage } from './common/cell-message'
import type { RnnMessage } from './common/message'
import { lossOf } from './common/missing'
import { type Send, setUp } from './common/node'
import { checkScaleFits, copyOfScale, sameScale } from './common/scale-message'
import { allFromMessage } from './common/tensors'
import { isObject } from './common/values'
import { readExport } from './rnn-cell/export'
import { inferSizes } from './rnn-cell/infer-sizes'
import { type Installed, withInstalled } from './rnn-cell/install'
import { lineage } from './rnn-cell/lineage'
import type { RnnCellConfig } from './rnn-cell/options'
import { ownedCell } from './rnn-cell/owned-cell'

export = (RED: NodeAPI) => {
  RED.nodes.registerType('rnn-cell', function (this: Node, saved: RnnCellConfig) {
    setUp(RED, this, saved, (context, config) => {
      const { node, status } = context
      const own = ownedCell(context, config)
      const { options, sizes } = own
      /** the version that parameters from outside replaced: an update for it that is under way asks for the next batch */
      let replaced: number | undefined
      /** the version that a reset of the whole loop ended: an update for it ends too */
      let abandoned: number | undefined
      let warnedOfStale = false
      const updates = lineage(own.version)
      /** the start of a source that is to end, the best being as good as it gets */
      let stopping: string | undefined

      const showReady = () => status.ready(() => RED._('rnn-cell.status.version', { version: own.version }))
      if (own.cell) showReady()

      /** A source that sends another kind of sequence has been given another task: the cell starts anew. */
      const isOtherTask = ({ sequence }: RnnMessage): boolean =>
        sequence?.run !== undefined &&
        sequence.phase === 'train' &&
        ((sizes.inputSize === undefined && sequence.inputSize !== own.cell?.sizes.inputSize) ||
          (sizes.outputSize === undefined &&
            options.readout !== 'none' &&
            sequence.outputSize !== own.cell?.sizes.outputSize))

      /** The cell that a message makes of this one, before anything is changed. */
      const after = (msg: RnnMessage, brings: boolean): Partial<Installed> => {
        const { cell, start } = own
        const anew = msg.reset || (cell && brings && isOtherTask(msg))
        const begun = brings && (anew || !cell) && !msg.parameters ? start(inferSizes(msg)) : undefined
        const current = begun ?? (msg.reset && cell ? start(cell.sizes) : cell)
        return msg.parameters === undefined
          ? { cell: current }
          : withInstalled(current, msg.parameters, { form: options, start })
      }

      const update = (msg: RnnMessage, send: Send) => {
        const { update: given, cell: of } = msg
        const { cell, version } = own
        if (!cell || !given)
          throw new ExpectedError('an update for a cell that has parameters', 'one before the first sequence')
        if (of?.id !== undefined && of.id !== node.id)
          throw new ExpectedError(
            `an update for this rnn-cell (${node.id})`,
            `one for ${of.id}: check the return wire`,
          )
        if (!isObject(given) || !isObject(given.parameters))
          throw new ExpectedError('an update { parameters, … }, as optimizer makes it', describe(given))
        const { run, step } = msg.sequence ?? {}
        const made = of?.version ?? version
        const isStale = !updates.fits(made, version, run)
        if (made === abandoned) return
        if (isStale && made !== replaced) {
          if (!warnedOfStale) node.warn(RED._('rnn-cell.message.stale', { made, now: version }))
          warnedOfStale = true
          return
        }
        if (!isStale) {
          const parameters = allFromMessage(given.parameters, 'msg.update.parameters')
          const next = applyUpdate(cell, { parameters })
          if (next !== cell) {
            own.become(next)
            updates.added(own.version, run)
          }
          if (run !== undefined && step !== undefined) own.hasApplied({ run, step })
        }
        replaced = undefined
        showReady()
        answer(msg, send, given.step, given.skipped || isStale)
      }

      /** Asks for the next batch, or for an end. */
      const answer = (msg: RnnMessage, send: Send, step: number | undefined, skipped: boolean) => {
        const { version } = own
        delete msg.update
        delete msg.target
        msg.cell = { id: node.id, version }
        msg.payload = { step, version, skipped }
        if (stopping !== undefined && stopping === msg.sequence?.run) {
          msg.control = 'stop'
          stopping = undefined
        }
        send([null, msg, null])
      }

      const isApplied = ({ sequence, reset }: RnnMessage): boolean =>
        !reset &&
        sequence?.phase === 'train' &&
        sequence.run === own.applied?.run &&
        (sequence.step ?? Number.POSITIVE_INFINITY) <= (own.applied?.step ?? 0)

      /** A pass over held-out sequences has ended. */
      const validated = (msg: RnnMessage) => {
        const { cell: of, sequence } = msg
        const { judge } = own
        const verdict = judge?.ends(of?.version ?? -1, lossOf(msg))
        if (!judge || !verdict) return
        own.keepBest()
        if (verdict !== 'stop') return
        stopping = sequence?.run
        // where no pass was any good there is nothing to bring back
        if (judge.state.best) bringBack()
        const { best } = judge.state
        status.ready(() => RED._('rnn-cell.status.stopped', { version: best?.version ?? own.version }))
      }

      /** The best becomes the cell. */
      const bringBack = () => {
        const best = own.best()
        replaced = own.version
        own.become(best)
        updates.replaced(own.version)
      }

      return {
        input(msg, send) {
          if (msg.update && !msg.reset) return update(msg, send)
          if (msg.validation && msg.sequence?.phase === 'validate') return validated(msg)
          if (msg.restore !== undefined) {
            oneOf('msg.restore', msg.restore, ['best'])
            bringBack()
            return showReady()
          }
          const wanted = readExport(msg.export)
          const brings = bringsSequence(msg)
          if (brings && !wanted && isApplied(msg)) return answer(msg, send, msg.sequence?.step, true)
          const { cell: next, scale: said } = after(msg, brings)
          const nextScale = said === undefined ? own.scale : (said ?? undefined)
          if (wanted && !next)
            throw new ExpectedError(
              'a cell that has parameters: give its sizes or send a sequence first',
              'none yet',
            )
          const isByTopic = said === undefined && own.scaledByTopic
          if (wanted?.options.scaleInside && isByTopic)
            throw new ExpectedError(
              'one scale to put inside: given numbers as the scale of sequence-source, or a single topic',
              'a scale for each topic',
            )
          const scale = isByTopic ? undefined : (nextScale ?? null)
          const file = wanted && next && saveModel(next, wanted.format, { ...wanted.options, scale })
          if (!wanted && !brings && !msg.reset && msg.parameters === undefined) inferSizes(msg)
          const learned = msg.sequence?.scale ?? undefined
          if (learned && brings && next) checkScaleFits(learned, next.sizes)

          if (!isByTopic) own.scale = nextScale
          if (next && next !== own.cell) {
            const isOther = isOtherTask(msg)
            if (own.cell && !msg.reset && isOther) node.warn(RED._('rnn-cell.message.otherTask'))
            if (msg.reset || isOther) {
              own.beginAgain()
              stopping = undefined
            }
            replaced = brings ? undefined : own.version
            abandoned = brings ? own.version : undefined
            own.become(next)
            updates.replaced(own.version)
          }
          delete msg.parameters
          if (wanted) {
            msg.payload = file
            msg.filename ??= `${node.name || 'rnn-cell'}.${wanted.format}`
            send([null, null, msg])
          } else if (brings && next) {
            const { sequence } = msg
            if (sequence?.phase === 'train') {
              if (!learned && sequence.scales) own.learnsByTopic()
              else if (own.scaledByTopic || !sameScale(learned, own.scale))
                own.scale = learned && copyOfScale(learned)
            }
            msg.cell = cellToMessage(next, node.id, own.version, own.scale)
            if (own.scaledByTopic) msg.cell.scaledByTopic = true
            if (own.judge && sequence?.phase === 'validate') {
              own.judge.begins(next, own.version)
              msg.cell.judged = true
            }
            send([msg, null, null])
          } else showReady()
        },
        close: own.close,
      }
    })
  })
}
