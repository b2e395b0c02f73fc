/** unroll: the forward pass. Predictions in the payload; the tape for bptt-gradient beside it. */
import type { Node, NodeAPI } from 'node-red'
import {
  allFinite,
  type Cell,
  type CellState,
  ExpectedError,
  isFed,
  type LinearScale,
  lastState,
  predictions,
  rowWithin,
  type Scale,
  type Topology,
  takesOnce,
  type Unrolled,
  unrollAsync,
  warmStarts,
} from '../src'
import { bringsSequence, shapeOf } from './common/brought'
import { cellFromMessage } from './common/cell-message'
import { inOrder, type Work } from './common/in-order'
import { hasTarget, setLazy, tensorOrValue } from './common/lazy'
import type { MessageSequence, RnnMessage } from './common/message'
import { type Send, setUp } from './common/node'
import { tensorOrNested } from './common/tensors'
import { topicOf } from './common/topic'
import { unrolledToMessage } from './common/unrolled-message'
import { compareWithTruth } from './unroll/foretold-message'
import { keptMemory } from './unroll/kept-memory'
import { optionsOfMessage, readMemory, readUnrollOptions, type UnrollConfig } from './unroll/options'
import { stateToMessage } from './unroll/state-message'
import type { Place } from './unroll/state-store'

export = (RED: NodeAPI) => {
  RED.nodes.registerType('unroll', function (this: Node, saved: UnrollConfig) {
    setUp(RED, this, saved, (context, config) => {
      const { node, status } = context
      const options = readUnrollOptions(config)
      const originalUnits = config.originalUnits ?? true
      const memory = readMemory(config)
      const { states, ended, predicted } = memory
      const kept = keptMemory(context, config.store, memory)
      let warnedOfFresh = false
      let warnedOfEvicted = false

      const storeOf = (msg: RnnMessage) => (!isOfSource(msg) ? states : isOfStream(msg) ? ended : undefined)
      const beginningOf = (msg: RnnMessage, place: Place) => {
        const kept = isAnew(msg) ? undefined : storeOf(msg)?.read(place)
        return kept && isOfSource(msg) ? warmStarts(kept, msg.sequence?.step ?? 1) : kept
      }

      const unrollMessage = (
        msg: RnnMessage,
        cell: Cell,
        payload: unknown,
        place: Place,
        signal: AbortSignal,
      ) => {
        const own = optionsOfMessage(msg, options)
        const steps = options.steps ?? (hasTarget(msg) ? undefined : memory.stepsSeen)
        if (options.topology === 'one-to-many' && steps === undefined && !hasTarget(msg))
          throw new ExpectedError(
            'a number of steps, in the dialog or from a first message with a target',
            'none',
          )
        return unrollAsync(
          cell,
          tensorOrNested(payload, 'msg.payload'),
          {
            ...options,
            ...own,
            ...(isFed(options.topology) && { steps }),
            initialState: own.initialState ?? beginningOf(msg, place),
            inputScale: unitsOf(msg, originalUnits).inputScale,
          },
          signal,
        )
      }

      const forget = (topic: unknown) => {
        states.forget(topic)
        predicted.forget(topic)
        ended.forget()
        kept.write()
      }

      /** What the next message begins with. */
      const remember = (msg: RnnMessage, { readouts }: Unrolled, place: Place, state: CellState) => {
        const store = storeOf(msg)
        if (store?.write(place, state) && !warnedOfEvicted) {
          warnedOfEvicted = true
          node.warn(RED._('unroll.message.evicted', { most: store.most, topic: String(place.topic) }))
        }
        const steps = isFed(options.topology) && hasTarget(msg) ? readouts.length : memory.stepsSeen
        const isNew = (store && store.mode !== 'fresh') || msg.sequence?.stream || steps !== memory.stepsSeen
        memory.stepsSeen = steps
        if (isNew) kept.write()
      }

      const answer = (msg: RnnMessage, send: Send, unrolled: Unrolled, place: Place) => {
        const { outputScale } = unitsOf(msg, originalUnits)
        for (const scale of [outputScale, msg.sequence?.scale?.target]) checkFits(unrolled, scale)
        const learns = hasTarget(msg)
        const state = lastState(unrolled)

        // a reset on its way through the loop has started the weights anew, and no state fits them
        if (msg.reset) forget(isOfSource(msg) ? undefined : msg.topic)
        delete msg.unrolled
        if (config.alwaysTape || learns) msg.unrolled = unrolledToMessage(unrolled)
        if (!learns) msg.sequence = { ...msg.sequence, phase: 'predict' }
        delete msg.nonfinite
        const predictable = allFinite(unrolled.outputs.data)
        if (!predictable) msg.nonfinite = true
        msg.state = stateToMessage(state)
        setPredictions(msg, unrolled, outputScale)
        const { steps } = unrolled
        delete msg.anomaly
        const { anomaly, alert } = compareWithTruth(predicted, msg, unrolled)
        remember(msg, unrolled, place, state)
        if (anomaly) msg.anomaly = anomaly
        if (!predictable) status.exploding(() => RED._('unroll.status.nonfinite'))
        else if (anomaly?.state === 'alert') status.exploding(() => RED._('unroll.status.alert'))
        else status.working(() => RED._('unroll.status.steps', { steps }))
        send(alert ? [msg, alert] : msg)
      }

      const work: Work = (msg, send, signal) => {
        // whose it is has to be known before anything is forgotten or remembered
        if (msg.reset || msg.sequence?.stream || states.mode === 'topic') topicOf(msg)
        if (msg.reset && !bringsSequence(msg)) return forget(msg.topic)
        if (msg.sequence?.stream && states.mode !== 'topic' && !warnedOfFresh) {
          warnedOfFresh = true
          node.warn(RED._('unroll.message.fresh'))
        }
        const cell = cellFromMessage(msg)
        const payload = tensorOrValue(msg, 'payload')
        const place = placeOf(msg, payload, cell, options.topology)
        const unrolled = unrollMessage(msg, cell, payload, place, signal)
        if (unrolled instanceof Promise) return unrolled.then((made) => answer(msg, send, made, place))
        return answer(msg, send, unrolled, place)
      }

      // a batch that takes long does not hold up what is to be predicted meanwhile
      const [batches, others] = [inOrder(work), inOrder(work)]
      return {
        input: (msg, send) => (isOfSource(msg) ? batches : others).input(msg, send),
        async close(removed) {
          await Promise.all([batches.close?.(removed), others.close?.(removed)])
          await kept.close(removed)
        },
      }
    })
  })
}

/** So few predictions are nested arrays sooner than a promise of them. */
const few = 16

/** Most predictions of a training loop are never looked at. Those that wait hold on to the outputs, not to the tape. */
function setPredictions(
  msg: RnnMessage,
  unrolled: Unrolled,
  scale?: LinearScale | readonly LinearScale[],
): void {
  const { outputs, topology, batched, batch, readouts } = unrolled
  const read = { outputs, topology, batched, batch, readouts } as Unrolled
  if (outputs.data.length <= few) msg.payload = predictions(read, scale)
  else setLazy(msg, 'payload', () => predictions(read, scale))
}

/** @throws ExpectedError for a scale of other outputs: a payload that waits must not fail when somebody looks at it */
function checkFits({ outputs, batch }: Unrolled, scale?: LinearScale | readonly LinearScale[]): void {
  if (!scale) return
  const size = outputs.shape[2]
  const isOne = 'mean' in scale
  const scales = isOne ? [scale] : scale
  if (!isOne && scales.length !== batch)
    throw new ExpectedError(`${batch} scales, one a sequence`, `${scales.length}`)
  const other = scales.find(({ mean }) => mean.length !== size)
  if (other) throw new ExpectedError(`a scale of ${size} outputs`, `one of ${other.mean.length}`)
}

/** Nothing of before is remembered. */
const isAnew = ({ reset, sequence }: RnnMessage): boolean =>
  Boolean(reset) || sequence?.stream?.begins === true

/** The batches of a source do not go on from one another: only what comes by itself has a state to go on from. */
const isOfSource = ({ sequence }: RnnMessage): boolean => sequence?.run !== undefined
const isOfStream = ({ sequence }: RnnMessage): boolean => sequence?.task === 'stream'

/** Where the state of a message is kept: another cell, or another number of sequences, starts anew. */
function placeOf(
  msg: RnnMessage,
  payload: unknown,
  { type, layers, bidirectional, sizes }: Cell,
  topology: Topology,
): Place {
  const { topic, sequence, cell } = msg
  const phase = hasTarget(msg) ? (sequence?.phase ?? 'train') : 'predict'
  const shape = shapeOf(payload)
  const batch = shape.length === 3 || (shape.length === 2 && takesOnce(topology)) ? shape[0] : 1
  return {
    topic,
    phase,
    form: `${cell?.id} ${type} ${layers} ${bidirectional} ${sizes.hiddenSize} ${batch}`,
  }
}

/**
 * A source sends its batches scaled; what comes from elsewhere to be predicted is in the units of the data that the cell
 * has learned from.
 */
function unitsOf(
  msg: RnnMessage,
  originalUnits: boolean,
): { inputScale?: Scale['input']; outputScale?: LinearScale | readonly LinearScale[] } {
  const { sequence, cell } = msg
  if (!originalUnits) return {}
  if (sequence?.run !== undefined || sequence?.scale !== undefined || sequence?.stream !== undefined)
    return { outputScale: scalesOfEach(sequence) ?? sequence.scale?.target }
  const isAsked = !hasTarget(msg) && cell && 'parameters' in cell
  if (isAsked && cell.scaledByTopic)
    throw new ExpectedError(
      'readings by way of sequence-source, or a msg.sequence.scale: the topics that this cell has learned from have each their own',
      'a sequence without',
    )
  const learned = isAsked ? cell.scale : undefined
  return { inputScale: learned?.input, outputScale: learned?.target }
}

function scalesOfEach({ scales }: MessageSequence): LinearScale[] | undefined {
  if (scales) rowWithin('maxBatch', scales, 'scales')
  const targets = scales?.map(({ target }) => target)
  return targets?.every((target) => target !== undefined) ? targets : undefined
}
