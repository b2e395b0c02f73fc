/** rnn-cell: owns the parameters. Hands out snapshots, takes updates in, and gives the model away as a file. */
import { isDeepStrictEqual } from 'node:util'
import type { Node, NodeAPI } from 'node-red'
import {
  applyUpdate,
  type Cell,
  ExpectedError,
  modelFormats,
  oneOf,
  rnnCell,
  type Scale,
  saveModel,
} from '../src'
import { cellToMessage } from './common/cell-message'
import { type RnnCellConfig, readCellOptions, requireSizes } from './common/cell-options'
import { typedNumber } from './common/fields'
import { bringsSequence, inferSizes, sizesOfParameters } from './common/infer-sizes'
import { withInstalled } from './common/install'
import { keeper } from './common/keeper'
import { cellFromFile, cellToFile } from './common/kept-cell'
import type { RnnMessage } from './common/message'
import { type Send, setUp } from './common/node'
import { allFromMessage } from './common/tensors'

export = (RED: NodeAPI) => {
  RED.nodes.registerType('rnn-cell', function (this: Node, config: RnnCellConfig) {
    setUp(RED, this, config, ({ node, status }) => {
      const { options, sizes, gain, origin } = readCellOptions(config)
      const kept = keeper(node, config.store)

      let cell: Cell | undefined
      let version = 0
      let scale: Scale | undefined
      /** the version that parameters from outside replaced: an update for it that is under way asks for the next batch */
      let replaced: number | undefined
      /** the version that a reset of the whole loop ended: an update for it ends too */
      let abandoned: number | undefined
      let warnedOfStale = false

      const start = (found: Partial<Cell['sizes']>, parameters = options.parameters): Cell => {
        const known = { ...found, ...sizes, ...sizesOfParameters(options.parameters, options) }
        const whole = requireSizes(known, options.readout)
        return rnnCell({ ...options, ...whole, gain: typedNumber(RED, node, gain), parameters })
      }
      const become = (next: Cell) => {
        cell = next
        version += 1
        const now = version
        kept.write(() => cellToFile(next, { version: now, scale, origin }))
      }
      const showReady = () => status.ready(() => RED._('rnn-cell.status.version', { version }))

      const restore = () => {
        const found = cellFromFile(kept.read(), origin)
        if (found === 'other') node.warn(RED._('rnn-cell.message.startsAnew'))
        else if (found) {
          scale = found.scale
          version = found.version
          become(start(found.sizes, found.parameters))
          showReady()
        }
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
      const after = (msg: RnnMessage, brings: boolean): Cell | undefined => {
        const anew = msg.reset || (cell && brings && isOtherTask(msg))
        const begun = brings && (anew || !cell) && !msg.parameters ? start(inferSizes(msg)) : undefined
        const current = begun ?? (msg.reset && cell ? start(cell.sizes) : cell)
        return msg.parameters === undefined
          ? current
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
        delete msg.update
        msg.cell = { id: node.id, version }
        msg.payload = { step: given.step, version, skipped: given.skipped || isStale }
        showReady()
        send([null, msg, null])
      }

      return {
        input(msg, send) {
          if (msg.update && !msg.reset) return update(msg, send)
          const format = msg.export ? oneOf('msg.export', msg.export, modelFormats) : undefined
          const brings = bringsSequence(msg)
          const next = after(msg, brings)
          if (format && !next)
            throw new ExpectedError(
              'a cell that has parameters: give its sizes or send a sequence first',
              'none yet',
            )
          if (!format && !brings && !msg.reset && msg.parameters === undefined) inferSizes(msg)

          if (next && next !== cell) {
            if (cell && !msg.reset && isOtherTask(msg)) node.warn(RED._('rnn-cell.message.otherTask'))
            replaced = brings ? undefined : version
            abandoned = brings ? version : undefined
            become(next)
          }
          delete msg.parameters
          if (format && next) {
            msg.payload = saveModel(next, format)
            msg.filename ??= `${node.name || 'rnn-cell'}.${format}`
            send([null, null, msg])
          } else if (brings && next) {
            const { sequence } = msg
            if (sequence?.phase === 'train' && !isSameScale(sequence.scale, scale)) scale = sequence.scale
            msg.cell = cellToMessage(next, node.id, version, scale)
            send([msg, null, null])
          } else showReady()
        },
        close: (removed) => kept.close(removed),
      }
    })
  })
}

const isSameScale = (a: Scale | undefined, b: Scale | undefined): boolean =>
  a === b || isDeepStrictEqual(a, b)
