/** rnn-cell: owns the parameters. Hands out snapshots, takes updates in, and gives the model away as a file. */
import { isDeepStrictEqual } from 'node:util'
import type { Node, NodeAPI, NodeDef } from 'node-red'
import {
  activationNames,
  applyUpdate,
  type Cell,
  type CellOptions,
  describe,
  ExpectedError,
  initializerNames,
  loadParameters,
  modelFormats,
  nestedShape,
  oneOf,
  rnnCell,
  type Scale,
  saveModel,
  withParameters,
} from '../src'
import { numberField, typedNumber, wordField } from './common/fields'
import { inferSizes, sizesOfParameters } from './common/infer-sizes'
import { keeper } from './common/keeper'
import { cellFromFile, cellToFile } from './common/kept-cell'
import type { MessageCell, RnnMessage } from './common/message'
import { cellToMessage } from './common/messages'
import { type Send, setUp } from './common/node'
import { allFromMessage, tensorOrNested } from './common/tensors'

interface RnnCellConfig extends NodeDef {
  activation?: string
  inputSize?: string
  hiddenSize?: string
  outputSize?: string
  initializer?: string
  gain?: string
  gainType?: string
  seed?: string
  precision?: string
  parameters?: string
  store?: string
}

export = (RED: NodeAPI) => {
  RED.nodes.registerType('rnn-cell', function (this: Node, config: RnnCellConfig) {
    setUp(RED, this, config, ({ node, status }) => {
      const typedIn = readTypedIn(config.parameters)
      const fixed = {
        activation: oneOf('activation', wordField(config.activation, 'tanh'), activationNames),
        initializer: oneOf('initializer', wordField(config.initializer, 'uniform'), initializerNames),
        precision: oneOf('precision', wordField(config.precision, 'float32'), ['float32', 'float64']),
        seed: numberField('seed', config.seed),
      } satisfies Partial<CellOptions>
      const sizes = {
        inputSize: numberField('input size', config.inputSize),
        hiddenSize: numberField('hidden size', config.hiddenSize) ?? 16,
        outputSize: numberField('output size', config.outputSize),
      }
      const gainField = { name: 'gain', value: config.gain, type: config.gainType ?? 'num' }
      const origin = JSON.stringify({ ...fixed, ...sizes, gain: [config.gain, config.gainType], typedIn })
      const kept = keeper(node, config.store)

      let cell: Cell | undefined
      let version = 0
      let snapshot: MessageCell | undefined
      let scale: Scale | undefined
      let warnedOfStale = false

      const start = (found: Partial<Cell['sizes']>): Cell => {
        const whole = { ...found, ...definedOnly(sizes), ...sizesOfParameters(typedIn) }
        return rnnCell({
          ...fixed,
          ...requireSizes(whole),
          gain: typedNumber(RED, node, gainField),
          parameters: typedIn,
        })
      }
      const become = (next: Cell) => {
        cell = next
        version += 1
        snapshot = undefined
        kept.write(() => cellToFile(next, scale, origin))
      }
      const restore = () => {
        const found = cellFromFile(kept.read(), origin)
        if (found === 'other') node.warn(RED._('rnn-cell.message.startsAnew'))
        else if (found) {
          scale = found.scale
          become(found.restore(start(found.sizes)))
        }
      }
      const showReady = () => status.ready(RED._('rnn-cell.status.version', { version }))
      restore()
      if (cell) showReady()

      const reset = () => {
        cell = cell && start(cell.sizes)
        if (cell) become(cell)
      }

      const install = (given: unknown) => {
        const parameters = Buffer.isBuffer(given) || typeof given === 'string' ? loadParameters(given) : given
        if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
          throw new ExpectedError(
            'msg.parameters to be an object by name (W, U, b, V, c) or a model file',
            describe(given),
          )
        const read = Object.fromEntries(
          Object.entries(parameters).map(([name, value]) => [
            name,
            tensorOrNested(value, `msg.parameters.${name}`),
          ]),
        )
        become(withParameters(cell ?? start(sizesOfParameters(read)), read))
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
        if (of?.version !== undefined && of.version !== version) {
          if (!warnedOfStale) node.warn(RED._('rnn-cell.message.stale', { made: of.version, now: version }))
          warnedOfStale = true
          return
        }
        const parameters = allFromMessage(given.parameters, 'msg.update.parameters')
        const next = applyUpdate(cell, { parameters })
        if (next !== cell) become(next)
        delete msg.update
        msg.cell = { id: node.id, version }
        msg.payload = { step: given.step, version, skipped: given.skipped }
        showReady()
        send([null, msg, null])
      }

      const exportModel = (msg: RnnMessage, send: Send) => {
        const format = oneOf('msg.export', msg.export, modelFormats)
        if (!cell)
          throw new ExpectedError(
            'a cell that has parameters: give its sizes or send a sequence first',
            'none yet',
          )
        msg.payload = saveModel(cell, format)
        msg.filename ??= `${node.name || 'rnn-cell'}.${format}`
        send([null, null, msg])
      }

      /** What it learns from decides in which units it can be asked later. */
      const learnScale = ({ sequence }: RnnMessage) => {
        if (sequence?.phase !== 'train' || isDeepStrictEqual(sequence.scale, scale)) return
        scale = sequence.scale
        snapshot = undefined
      }

      const forward = (msg: RnnMessage, send: Send) => {
        cell ?? become(start(inferSizes(msg)))
        learnScale(msg)
        snapshot ??= { ...cellToMessage(cell as Cell, node.id, version), ...(scale && { scale }) }
        msg.cell = snapshot
        send([msg, null, null])
      }

      return {
        input(msg, send) {
          if (msg.reset) reset()
          if (msg.update) return update(msg, send)
          if (msg.parameters !== undefined) {
            install(msg.parameters)
            delete msg.parameters
            showReady()
            if (!isSequence(msg.payload)) return
          }
          if (msg.export) return exportModel(msg, send)
          if (msg.reset && !isSequence(msg.payload)) return showReady()
          return forward(msg, send)
        },
        close: (removed) => kept.close(removed),
      }
    })
  })
}

const isSequence = (payload: unknown): boolean =>
  nestedShape(payload).length > 0 || (typeof payload === 'object' && payload !== null && 'shape' in payload)

const definedOnly = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>

function readTypedIn(text: string | undefined): Record<string, unknown> | undefined {
  if (!text?.trim()) return undefined
  try {
    const parameters = JSON.parse(text)
    if (typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)) return parameters
  } catch (error) {
    throw new ExpectedError('parameters as JSON', (error as Error).message)
  }
  throw new ExpectedError('parameters as a JSON object by name (W, U, b, V, c)', text)
}

function requireSizes({ inputSize, hiddenSize, outputSize }: Partial<Cell['sizes']>): Cell['sizes'] {
  if (inputSize === undefined)
    throw new ExpectedError('an input size, in the dialog or from a first sequence', 'none')
  if (outputSize === undefined)
    throw new ExpectedError('an output size, in the dialog or from a first sequence with a target', 'none')
  return { inputSize, hiddenSize: hiddenSize ?? 16, outputSize }
}
