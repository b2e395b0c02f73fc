/** bptt-gradient: loss, the explicit sum over time steps, and a watch on its explosion. */
import type { Node, NodeAPI, NodeDef } from 'node-red'
import {
  bpttGradient,
  combineEvaluations,
  detectExplosion,
  type Evaluation,
  ExpectedError,
  type Explosion,
  type ExplosionState,
  evaluate,
  type Gradient,
  type LossName,
  lossNames,
  oneOf,
} from '../src'
import { numberField, wordField } from './common/fields'
import type { RnnMessage } from './common/message'
import { cellFromMessage, finiteOrNull, gradientToMessage, unrolledFromMessage } from './common/messages'
import { isBareReset, type NodeContext, setUp } from './common/node'
import { tensorOrNested } from './common/tensors'

interface BpttGradientConfig extends NodeDef {
  loss?: string
  factors?: boolean
  normThreshold?: string
  growthThreshold?: string
  vanishingThreshold?: string
}

export = (RED: NodeAPI) => {
  RED.nodes.registerType('bptt-gradient', function (this: Node, config: BpttGradientConfig) {
    setUp(RED, this, config, ({ status }) => {
      const chosenLoss = oneOf('loss', wordField(config.loss, 'auto'), ['auto', ...lossNames])
      const factors = config.factors ?? false
      const thresholds = {
        normThreshold: numberField('norm threshold', config.normThreshold),
        growthThreshold: numberField('growth threshold', config.growthThreshold),
        vanishingThreshold: numberField('vanishing threshold', config.vanishingThreshold),
      }
      let state: ExplosionState = 'ok'
      let evaluated: Evaluation[] = []

      return {
        input(msg, send) {
          const phase = msg.sequence?.phase
          const before = msg.reset ? 'ok' : state
          if (phase === 'predict' || isBareReset(msg, 'unrolled')) {
            state = before
            return
          }
          const unrolled = unrolledFromMessage(msg, cellFromMessage(msg))
          if (msg.target === undefined)
            throw new ExpectedError('msg.target: wire sequence-source in before, or set it', 'none')
          const target = tensorOrNested(msg.target, 'msg.target')
          const loss = lossFor(msg, chosenLoss)

          if (phase === 'validate') {
            const part = evaluate(unrolled, target, { loss, scale: msg.sequence?.scale?.target })
            if ((msg.sequence?.part ?? 1) === 1) evaluated = []
            evaluated.push(part)
            if (evaluated.length < (msg.sequence?.parts ?? 1)) return
            send([validated(msg, combineEvaluations(evaluated)), null])
            evaluated = []
            return
          }

          const gradient = bpttGradient(unrolled, target, { loss, factors })
          const explosion = detectExplosion(gradient, thresholds)
          msg.loss = gradient.loss
          msg.gradient = gradientToMessage(gradient)
          msg.explosion = explosion
          msg.payload = {
            loss: finiteOrNull(gradient.loss),
            norm: finiteOrNull(gradient.norm),
            state: explosion.state,
            terms: finiteTerms(gradient),
          }
          const alert = explosion.state !== before || explosion.state === 'nonfinite'
          state = explosion.state
          showState(status, RED, explosion, gradient.loss)
          send([msg, alert ? alertMessage(msg, explosion) : null])
        },
      }
    })
  })
}

const lossFor = (msg: RnnMessage, chosen: LossName | 'auto'): LossName =>
  chosen !== 'auto' ? chosen : msg.sequence?.targetKind === 'class' ? 'cross-entropy' : 'mse'

function validated(msg: RnnMessage, evaluation: Evaluation): RnnMessage {
  const naive = msg.sequence?.naive
  msg.loss = evaluation.loss
  msg.validation = { ...evaluation, ...(naive !== undefined && { naive }) }
  msg.payload = Object.fromEntries(
    Object.entries(msg.validation).map(([name, value]) => [name, finiteOrNull(value)]),
  )
  delete msg.unrolled
  return msg
}

const finiteTerms = ({ terms }: Gradient) =>
  Object.fromEntries(Object.entries(terms).map(([name, norms]) => [name, norms.map(finiteOrNull)]))

const alertMessage = ({ topic, sequence }: RnnMessage, explosion: Explosion): RnnMessage => ({
  ...(topic !== undefined && { topic }),
  ...(sequence && { sequence }),
  payload: {
    state: explosion.state,
    reasons: explosion.reasons,
    ...(explosion.span && { span: explosion.span }),
    norm: finiteOrNull(explosion.norm),
  },
})

function showState(status: NodeContext['status'], RED: NodeAPI, { state }: Explosion, loss: number): void {
  if (state === 'vanishing') status.vanishing(RED._('bptt-gradient.status.vanishing'))
  else if (state === 'exploding') status.exploding(RED._('bptt-gradient.status.exploding'))
  else if (state === 'nonfinite') status.exploding(RED._('bptt-gradient.status.nonfinite'))
  else status.working(RED._('bptt-gradient.status.loss', { loss: loss.toPrecision(3) }))
}
