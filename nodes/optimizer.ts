/** optimizer: from the gradient to an update, which the return wire carries to rnn-cell. Owns the moments. */
import type { Node, NodeAPI, NodeDef } from 'node-red'
import {
  defaultLearningRate,
  ExpectedError,
  nonfiniteReason,
  type Optimizer,
  type OptimizerOptions,
  type OptimizerState,
  oneOf,
  optimizer,
  optimizerRules,
} from '../src'
import { numberField, typedNumber, wordField } from './common/fields'
import { keeper } from './common/keeper'
import { cellFromMessage, finiteOrNull, gradientFromMessage } from './common/messages'
import { momentsFromFile, momentsToFile } from './common/moments'
import { isBareReset, setUp } from './common/node'
import { allToMessage } from './common/tensors'

interface OptimizerConfig extends NodeDef {
  rule?: string
  learningRate?: string
  learningRateType?: string
  momentum?: string
  nesterov?: boolean
  beta1?: string
  beta2?: string
  epsilon?: string
  store?: string
}

/** After so many gradients in a row that are not finite, waiting for a better one is not a plan. */
const maxSkipped = 10

export = (RED: NodeAPI) => {
  RED.nodes.registerType('optimizer', function (this: Node, config: OptimizerConfig) {
    setUp(RED, this, config, ({ node, status }) => {
      const rule = oneOf('rule', wordField(config.rule, 'adam'), optimizerRules)
      const options: OptimizerOptions =
        rule === 'sgd'
          ? { rule, momentum: numberField('momentum', config.momentum), nesterov: config.nesterov }
          : {
              rule,
              beta1: numberField('beta1', config.beta1),
              beta2: numberField('beta2', config.beta2),
              epsilon: numberField('epsilon', config.epsilon),
            }
      const learningRate = {
        name: 'learning rate',
        value: config.learningRate,
        type: config.learningRateType ?? 'num',
      }
      const kept = keeper(node, config.store)
      const start = (state?: OptimizerState): Optimizer => optimizer(options, state)
      let rules = start(momentsFromFile(kept.read(), rule))
      let skipped = 0
      const keep = () => kept.write(() => momentsToFile(rules.state()))
      const become = (next: Optimizer) => {
        if (next === rules) return
        rules = next
        skipped = 0
        keep()
      }

      return {
        input(msg, send) {
          const isReset = Boolean(msg.reset)
          const begun = isReset ? start() : rules
          const phase = msg.sequence?.phase
          if (
            isBareReset(msg, 'gradient') ||
            (!msg.gradient && (phase === 'validate' || phase === 'predict'))
          ) {
            become(begun)
            return
          }
          const gradient = gradientFromMessage(msg)
          const update = begun.update(
            gradient,
            cellFromMessage(msg),
            typedNumber(RED, node, learningRate, msg) ?? defaultLearningRate(rule),
          )
          become(begun)
          delete msg.reset
          if (update.skipped) {
            skipped += 1
            status.exploding(RED._('optimizer.status.skipped', { count: skipped }))
            if (skipped >= maxSkipped) {
              skipped = 0
              throw stuck(
                gradient.nonfinite ? nonfiniteReason(gradient.nonfinite) : 'the update is not finite',
              )
            }
          } else {
            skipped = 0
            keep()
            status.working(RED._('optimizer.status.step', { step: update.step }))
          }
          delete msg.unrolled
          delete msg.gradient
          msg.update = { ...update, parameters: allToMessage(update.parameters) }
          msg.payload = {
            step: update.step,
            loss: finiteOrNull(msg.loss),
            learningRate: update.learningRate,
            norm: finiteOrNull(gradient.norm),
          }
          send(msg)
        },
        close: (removed) => kept.close(removed),
      }
    })
  })
}

const stuck = (reason: string) =>
  new ExpectedError(
    `a finite gradient; wire clip-gradient in (rule global-norm), lower the learning rate or the gain of the recurrent weights, then send msg.reset`,
    `${maxSkipped} in a row that are not: ${reason}`,
  )
