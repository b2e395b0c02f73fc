/** rnn-cell: owns the parameters. Hands out snapshots, takes updates in, and gives the model away as a file. */
import { isDeepStrictEqual } from 'node:util'
import type { Node, NodeAPI } from 'node-red'
import {
  applyUpdate,
  type Cell,
  ExpectedError,
  oneOf,
  rnnCell,
  type SafetensorsFile,
  type Scale,
  saveModel,
} from '../src'
import { type Judged, readJudge } from './common/best'
import { cellToMessage } from './common/cell-message'
import { type RnnCellConfig, readCellOptions, requireSizes } from './common/cell-options'
import { readExport } from './common/export'
import { typedNumber } from './common/fields'
import { bringsSequence, inferSizes, sizesOfParameters } from './common/infer-sizes'
import { type Installed, withInstalled } from './common/install'
import { keeper } from './common/keeper'
import { type Applied, cellFromFile, cellToFile } from './common/kept-cell'
import type { RnnMessage } from './common/message'
import { type Send, setUp } from './common/node'
import { allFromMessage } from './common/tensors'

export = (RED: NodeAPI) => {
  RED.nodes.registerType('rnn-cell', function (this: Node, config: RnnCellConfig) {
    setUp(RED, this, config, ({ node, status }) => {
      const { options, sizes, gain, origin } = readCellOptions(config)
      const kept = keeper(node, config.store)
      const keptBest = keeper(node, config.store, 'best')

      let cell: Cell | undefined
      let version = 0
      let scale: Scale | undefined
      /** the version that parameters from outside replaced: an update for it that is under way asks for the next batch */
      let replaced: number | undefined
      /** the version that a reset of the whole loop ended: an update for it ends too */
      let abandoned: number | undefined
      let warnedOfStale = false
      /** the batch whose update came last: it is not learned from twice, should it come again after a restart */
      let applied: Applied | undefined
      let judge = readJudge(config, undefined)
      /** the start of a source that is to end, the best being as good as it gets */
      let stopping: string | undefined

      const start = (found: Partial<Cell['sizes']>, parameters = options.parameters): Cell => {
        const known = { ...found, ...sizes, ...sizesOfParameters(options.parameters, options) }
        const whole = requireSizes(known, options.readout)
        return rnnCell({ ...options, ...whole, gain: typedNumber(RED, node, gain), parameters })
      }
      const become = (next: Cell) => {
        cell = next
        version += 1
        keep(next)
      }
      const keep = (own: Cell) => {
        const [now, until] = [version, applied]
        kept.write(() => cellToFile(own, { version: now, scale, origin, applied: until }))
      }
      const keepBest = ({ best, since }: Judged) => {
        if (!best) return keptBest.close(true)
        const { cell: own, version: of, loss } = best
        keptBest.write(() => cellToFile(own, { version: of, scale, origin, judged: { loss, since } }))
      }
      const showReady = () => status.ready(() => RED._('rnn-cell.status.version', { version }))

      /** What was kept, as a cell; 'other' if it does not fit the dialog any more. */
      const keptCell = (file: SafetensorsFile) => {
        const found = cellFromFile(file, origin)
        return found === 'other' ? found : { ...found, cell: start(found.sizes, found.parameters) }
      }
      const restore = () => {
        const found = kept.read(keptCell)
        if (found === 'other') node.warn(RED._('rnn-cell.message.startsAnew'))
        else if (found) {
          scale = found.scale
          version = found.version
          applied = found.applied
          become(found.cell)
          showReady()
          restoreBest()
        }
      }
      const restoreBest = () => {
        const found = keptBest.read(keptCell)
        if (!found || found === 'other' || !found.judged) return
        const { loss, since } = found.judged
        judge = readJudge(config, { best: { ...found, loss }, since })
      }
      restore()

      /** A source that sends another kind of sequence has been given another task: the cell starts anew. */
      const isOtherTask = ({ sequence }: RnnMessage): boolean =>
        sequence?.run !== undefined &&
        sequence.phase === 'train' &&
        ((sizes.inputSize === undefined && sequence.inputSize !== cell?.sizes.inputSize) ||
          (sizes.outputSize === undefined &&
            options.readout !== 'none' &&
            sequence.outputSize !== cell?.sizes.outputSize))

      /** The cell that a message makes of this one, before anything is changed. */
      const after = (msg: RnnMessage, brings: boolean): Partial<Installed> => {
        const anew = msg.reset || (cell && brings && isOtherTask(msg))
        const begun = brings && (anew || !cell) && !msg.parameters ? start(inferSizes(msg)) : undefined
        const current = begun ?? (msg.reset && cell ? start(cell.sizes) : cell)
        return msg.parameters === undefined
          ? { cell: current }
          : withInstalled(current, msg.parameters, { form: options, start })
      }

      const update = (msg: RnnMessage, send: Send) => {
        const { update: given, cell: of } = msg
        if (!cell || !given)
          throw new ExpectedError('an update for a cell that has parameters', 'one before the first sequence')
        if (of?.id !== undefined && of.id !== node.id)
          throw new ExpectedError(
            `an update for this rnn-cell (${node.id})`,
            `one for ${of.id}: check the return wire`,
          )
        const made = of?.version ?? version
        const isStale = made !== version
        if (made === abandoned) return
        if (isStale && made !== replaced) {
          if (!warnedOfStale) node.warn(RED._('rnn-cell.message.stale', { made, now: version }))
          warnedOfStale = true
          return
        }
        if (!isStale) {
          const next = applyUpdate(cell, {
            parameters: allFromMessage(given.parameters, 'msg.update.parameters'),
          })
          if (next !== cell) become(next)
        }
        replaced = undefined
        const { run, step } = msg.sequence ?? {}
        if (!isStale && run !== undefined && step !== undefined) {
          applied = { run, step }
          keep(cell)
        }
        showReady()
        answer(msg, send, given.step, given.skipped || isStale)
      }

      /** Asks for the next batch, or for an end. */
      const answer = (msg: RnnMessage, send: Send, step: number | undefined, skipped: boolean) => {
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
        sequence.run === applied?.run &&
        (sequence.step ?? Number.POSITIVE_INFINITY) <= (applied?.step ?? 0)

      /** A pass over held-out sequences has ended. */
      const validated = ({ cell: of, loss, sequence }: RnnMessage) => {
        const verdict = judge?.ends(of?.version ?? -1, loss ?? Number.NaN)
        if (!judge || !verdict) return
        keepBest(judge.state)
        if (verdict !== 'stop') return
        stopping = sequence?.run
        bringBack()
        const { best } = judge.state
        status.ready(() => RED._('rnn-cell.status.stopped', { version: best?.version ?? version }))
      }

      /** The best becomes the cell. */
      const bringBack = () => {
        const best = judge?.state.best
        if (!best)
          throw new ExpectedError(
            'a best so far: switch it on in the dialog, and let a pass over held-out sequences end',
            'none',
          )
        replaced = version
        become(best.cell)
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
          const nextScale = said === undefined ? scale : (said ?? undefined)
          if (wanted && !next)
            throw new ExpectedError(
              'a cell that has parameters: give its sizes or send a sequence first',
              'none yet',
            )
          const file =
            wanted && next && saveModel(next, wanted.format, { ...wanted.options, scale: nextScale ?? null })
          if (!wanted && !brings && !msg.reset && msg.parameters === undefined) inferSizes(msg)

          scale = nextScale
          if (next && next !== cell) {
            if (cell && !msg.reset && isOtherTask(msg)) node.warn(RED._('rnn-cell.message.otherTask'))
            if (msg.reset || isOtherTask(msg)) {
              judge?.startAgain()
              keptBest.close(true)
              applied = undefined
              stopping = undefined
            }
            replaced = brings ? undefined : version
            abandoned = brings ? version : undefined
            become(next)
          }
          delete msg.parameters
          if (wanted) {
            msg.payload = file
            msg.filename ??= `${node.name || 'rnn-cell'}.${wanted.format}`
            send([null, null, msg])
          } else if (brings && next) {
            const { sequence } = msg
            if (sequence?.phase === 'train' && !isSameScale(sequence.scale, scale)) scale = sequence.scale
            msg.cell = cellToMessage(next, node.id, version, scale)
            if (judge && sequence?.phase === 'validate') {
              judge.begins(next, version)
              msg.cell.judged = true
            }
            send([msg, null, null])
          } else showReady()
        },
        close(removed) {
          kept.close(removed)
          keptBest.close(removed)
        },
      }
    })
  })
}

const isSameScale = (a: Scale | undefined, b: Scale | undefined): boolean =>
  a === b || isDeepStrictEqual(a, b)
