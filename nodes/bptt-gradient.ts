/** bptt-gradient: loss, the explicit sum over time steps, and a watch on its explosion. */
import type { Node, NodeAPI } from 'node-red'
import {
  bpttGradientAsync,
  combineEvaluations,
  type Detector,
  detector,
  type Evaluation,
  ExpectedError,
  type Explosion,
  type ExplosionState,
  evaluate,
  type Gradient,
  type Unrolled,
} from '../src'
import { readDetectorOptions } from './bptt-gradient/detector-options'
import { type BpttGradientConfig, readGradientOptions, readLossOptions } from './bptt-gradient/options'
import { spectrumAside } from './bptt-gradient/spectrum-aside'
import { cellFromMessage } from './common/cell-message'
import { gradientToMessage } from './common/gradient-message'
import { inOrder } from './common/in-order'
import { hasTarget, setLazy, tensorOrValue } from './common/lazy'
import type { MessageSpectrum, RnnMessage } from './common/message'
import { isBareReset, type NodeContext, type Send, setUp } from './common/node'
import { plain } from './common/plain'
import { spectralInformation } from './common/spectrum-message'
import { tensorOrNested } from './common/tensors'
import { unrolledFromMessage } from './common/unrolled-message'
import type { Batch } from './watch/loop'
import { leave, seeGradient, seeValidation } from './watch/loops'

export = (RED: NodeAPI) => {
  RED.nodes.registerType('bptt-gradient', function (this: Node, saved: BpttGradientConfig) {
    setUp(RED, this, saved, ({ node, status }, config) => {
      const { loss, options: lossOptions } = readLossOptions(config)
      const options = readGradientOptions(config)
      const detectorOptions = readDetectorOptions(config)
      const start = (): Remembered => ({
        detector: detector(detectorOptions),
        state: 'ok',
        evaluated: [],
        parts: 0,
      })
      let remembered = start()

      const say = (
        msg: RnnMessage,
        send: Send,
        unrolled: Unrolled,
        gradient: Gradient,
        before: Remembered,
        asked: Pick<Batch, 'target' | 'options'>,
        spectrum: MessageSpectrum | undefined,
      ) => {
        const explosion = before.detector.observe(gradient, {
          spectral: spectrum && spectralInformation(spectrum),
        })
        remembered = { ...before, state: explosion.state }
        msg.loss = gradient.loss
        msg.gradient = gradientToMessage(gradient)
        delete msg.clip
        if (spectrum) msg.spectrum = spectrum
        msg.explosion = explosion
        setPayload(msg, gradient, explosion)
        // a message may name any cell: of one that is not there nobody would ever look at the batch
        if (RED.nodes.getNode(msg.cell?.id as string)?.type === 'rnn-cell')
          seeGradient(node.id, msg, { unrolled, ...asked, gradient, explosion })
        const alert = explosion.state !== before.state || explosion.state === 'nonfinite'
        showState(status, RED, explosion, gradient.loss)
        send([msg, alert ? alertMessage(msg, explosion) : null])
      }

      const inTurn = inOrder((msg, send, signal) => {
        const { sequence } = msg
        const before = msg.reset ? start() : remembered
        if (sequence?.phase === 'predict' || isBareReset(msg, 'unrolled')) {
          remembered = before
          return undefined
        }
        const unrolled = unrolledFromMessage(msg, cellFromMessage(msg))
        const target = targetOf(msg)
        const comparison = {
          ...lossOptions,
          loss: loss !== 'auto' ? loss : sequence?.targetKind === 'class' ? 'cross-entropy' : 'mse',
          mask: tensorOrNested(sequence?.targetMask, 'msg.sequence.targetMask'),
        } as const

        if (sequence?.phase === 'validate') {
          const { part = 1, parts = 1 } = sequence
          const own = evaluate(unrolled, target, { ...comparison, scale: sequence.scale?.target })
          const evaluated = part === 1 ? [own] : [...fewer(before.evaluated), own]
          const seen = part === 1 ? 1 : before.parts + 1
          const isWhole = seen >= parts
          if (isWhole) {
            const evaluation = combineEvaluations(evaluated)
            seeValidation(msg, evaluation)
            send([validated(msg, evaluation), null])
          }
          remembered = { ...before, evaluated: isWhole ? [] : evaluated, parts: isWhole ? 0 : seen }
          return undefined
        }

        const all = { ...comparison, ...options }
        const gradient = bpttGradientAsync(unrolled, target, all, signal)
        const asked = { target, options: { ...all, factors: false, credit: false } }
        const spectrum = config.spectrum ? spectrumOrError(unrolled, signal) : undefined
        if (gradient instanceof Promise || spectrum instanceof Promise)
          return Promise.all([gradient, spectrum]).then(([made, measured]) =>
            say(msg, send, unrolled, made, before, asked, measured),
          )
        return say(msg, send, unrolled, gradient, before, asked, spectrum)
      })
      return {
        ...inTurn,
        // what is only predicted does not wait for what is learned
        input: (msg, send) =>
          msg.sequence?.phase === 'predict' && !msg.reset ? undefined : inTurn.input(msg, send),
        close(removed) {
          leave(node.id)
          return inTurn.close?.(removed)
        },
      }
    })
  })
}

/** From one message to the next. */
/** An error is in the promise, so that it comes together with what else is under way. */
function spectrumOrError(unrolled: Unrolled, signal: AbortSignal): ReturnType<typeof spectrumAside> {
  try {
    return spectrumAside(unrolled, signal)
  } catch (error) {
    return Promise.reject(error)
  }
}

interface Remembered {
  readonly detector: Detector
  readonly state: ExplosionState
  readonly evaluated: readonly Evaluation[]
  /** messages of a validation pass so far */
  readonly parts: number
}

/** A pass of more messages than these is gathered on the way. */
const mostEvaluated = 1000

const fewer = (evaluated: readonly Evaluation[]): readonly Evaluation[] =>
  evaluated.length < mostEvaluated ? evaluated : [combineEvaluations(evaluated)]

function targetOf(msg: RnnMessage): unknown {
  if (!hasTarget(msg))
    throw new ExpectedError('msg.target: wire sequence-source in before, or set it', 'none')
  return tensorOrNested(tensorOrValue(msg, 'target'), 'msg.target')
}

function setPayload(msg: RnnMessage, { loss, norm, terms }: Gradient, { state }: Explosion): void {
  setLazy(msg, 'payload', () => plain({ loss, norm, state, terms }))
}

function validated(msg: RnnMessage, evaluation: Evaluation): RnnMessage {
  const naive = msg.sequence?.naive
  msg.loss = evaluation.loss
  msg.validation = { ...evaluation, ...(naive !== undefined && { naive }) }
  msg.payload = plain(msg.validation)
  delete msg.unrolled
  return msg
}

const alertMessage = (
  { topic, sequence }: RnnMessage,
  { state, reasons, span, norm }: Explosion,
): RnnMessage => ({
  ...(topic !== undefined && { topic }),
  ...(sequence && { sequence }),
  payload: plain({ state, reasons, ...(span && { span }), norm }),
})

function showState(status: NodeContext['status'], RED: NodeAPI, { state }: Explosion, loss: number): void {
  if (state === 'vanishing') status.vanishing(() => RED._('bptt-gradient.status.vanishing'))
  else if (state === 'exploding') status.exploding(() => RED._('bptt-gradient.status.exploding'))
  else if (state === 'nonfinite') status.exploding(() => RED._('bptt-gradient.status.nonfinite'))
  else status.working(() => RED._('bptt-gradient.status.loss', { loss: loss.toPrecision(3) }))
}
