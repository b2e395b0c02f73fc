/** unroll: the forward pass. Predictions in the payload; the tape for bptt-gradient beside it. */
import type { Node, NodeAPI } from 'node-red'
import {
  type Cell,
  ExpectedError,
  isFed,
  lastState,
  predictions,
  type Scale,
  type Topology,
  takesOnce,
  type Unrolled,
  unroll,
} from '../src'
import { cellFromMessage } from './common/cell-message'
import { isSequence, shapeOf } from './common/infer-sizes'
import type { RnnMessage } from './common/message'
import { setUp } from './common/node'
import { stateToMessage } from './common/state-message'
import type { Place } from './common/state-store'
import { tensorOrNested } from './common/tensors'
import {
  optionsOfMessage,
  readStateStore,
  readUnrollOptions,
  type UnrollConfig,
} from './common/unroll-options'
import { unrolledToMessage } from './common/unrolled-message'

export = (RED: NodeAPI) => {
  RED.nodes.registerType('unroll', function (this: Node, config: UnrollConfig) {
    setUp(RED, this, config, ({ status }) => {
      const options = readUnrollOptions(config)
      const originalUnits = config.originalUnits ?? true
      const states = readStateStore(config)
      /** of the last target: a prediction without a target goes on for as long */
      let stepsSeen: number | undefined

      const unrollMessage = (msg: RnnMessage, cell: Cell, place: Place): Unrolled => {
        const own = optionsOfMessage(msg, options)
        const steps = options.steps ?? (msg.target === undefined ? stepsSeen : undefined)
        if (options.topology === 'one-to-many' && steps === undefined && msg.target === undefined)
          throw new ExpectedError(
            'a number of steps, in the dialog or from a first message with a target',
            'none',
          )
        return unroll(cell, tensorOrNested(msg.payload, 'msg.payload'), {
          ...options,
          ...own,
          ...(isFed(options.topology) && { steps }),
          initialState: own.initialState ?? (msg.reset || isOfSource(msg) ? undefined : states.read(place)),
          inputScale: unitsOf(msg, originalUnits).inputScale,
        })
      }

      return {
        input(msg, send) {
          if (msg.reset && !isSequence(msg.payload)) return states.forget(msg.topic)
          const cell = cellFromMessage(msg)
          const place = placeOf(msg, cell, options.topology)
          const unrolled = unrollMessage(msg, cell, place)
          const { outputScale } = unitsOf(msg, originalUnits)
          const predicted = predictions(unrolled, outputScale)
          const state = lastState(unrolled)

          // a reset on its way through the loop has started the weights anew, and no state fits them
          if (msg.reset) states.forget(isOfSource(msg) ? undefined : msg.topic)
          if (!isOfSource(msg)) states.write(place, state)
          if (isFed(options.topology) && msg.target !== undefined) stepsSeen = unrolled.readouts.length
          delete msg.unrolled
          if (config.alwaysTape || msg.target !== undefined) msg.unrolled = unrolledToMessage(unrolled)
          if (msg.target === undefined) msg.sequence = { ...msg.sequence, phase: 'predict' }
          delete msg.nonfinite
          const predictable = unrolled.outputs.data.every(Number.isFinite)
          if (!predictable) msg.nonfinite = true
          msg.state = stateToMessage(state)
          msg.payload = predicted
          if (!predictable) status.exploding(RED._('unroll.status.nonfinite'))
          else status.working(RED._('unroll.status.steps', { steps: unrolled.steps }))
          send(msg)
        },
      }
    })
  })
}

/** The batches of a source do not go on from one another: only what comes by itself has a state to go on from. */
const isOfSource = ({ sequence }: RnnMessage): boolean => sequence?.run !== undefined

/** Where the state of a message is kept: another cell, or another number of sequences, starts anew. */
function placeOf(
  { topic, target, sequence, payload, cell }: RnnMessage,
  { type, layers, bidirectional, sizes }: Cell,
  topology: Topology,
): Place {
  const phase = target === undefined ? 'predict' : (sequence?.phase ?? 'train')
  const shape = shapeOf(payload)
  const batch = shape.length === 3 || (shape.length === 2 && takesOnce(topology)) ? shape[0] : 1
  return {
    topic,
    phase,
    form: JSON.stringify([cell?.id, type, layers, bidirectional, sizes.hiddenSize, batch]),
  }
}

/**
 * A source sends its batches scaled; what comes from elsewhere to be predicted is in the units of the data that the cell
 * has learned from.
 */
function unitsOf(
  { sequence, target, cell }: RnnMessage,
  originalUnits: boolean,
): { inputScale?: Scale['input']; outputScale?: Scale['target'] } {
  if (!originalUnits) return {}
  if (sequence?.run !== undefined || sequence?.scale !== undefined)
    return { outputScale: sequence.scale?.target }
  const learned = target === undefined && cell && 'parameters' in cell ? cell.scale : undefined
  return { inputScale: learned?.input, outputScale: learned?.target }
}
