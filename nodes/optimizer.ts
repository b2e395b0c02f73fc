/** optimizer: from the gradient to an update, which the return wire carries to rnn-cell. Owns the moments. */
import type { Node, NodeAPI } from 'node-red'
import {
  ExpectedError,
  type Gradient,
  nonfiniteReason,
  type Optimizer,
  type OptimizerState,
  type OptimizerUpdate,
  optimizer,
  type Parameters,
} from '../src'
import { cellFromMessage } from './common/cell-message'
import { type TypedField, typedNumber } from './common/fields'
import { gradientFromMessage } from './common/gradient-message'
import { keeper } from './common/keeper'
import type { RnnMessage } from './common/message'
import { finiteOrNull, lossOf } from './common/missing'
import { type Send, setUp } from './common/node'
import { once } from './common/once'
import { allToMessage } from './common/tensors'
import { momentsFromFile, momentsToFile } from './optimizer/moments'
import { type OptimizerConfig, readOptimizerOptions, withinBudget } from './optimizer/options'
import { seeUpdate } from './watch/loops'

/** After so many gradients in a row that are not finite, waiting for a better one is not a plan. */
const maxSkipped = 10

export = (RED: NodeAPI) => {
  RED.nodes.registerType('optimizer', function (this: Node, saved: OptimizerConfig) {
    setUp(RED, this, saved, (context, config) => {
      const { node, status } = context
      const options = readOptimizerOptions(config)
      // an option that is wrong is said at once, whatever the budget will be
      optimizer(withinBudget(options, 1))
      const { rule, accumulate = 1 } = options
      const learningRate: TypedField = {
        name: 'learning rate',
        value: config.learningRate,
        type: config.learningRateType ?? 'num',
      }
      const kept = keeper(context, config.store)
      const fresh: OptimizerState = { rule, step: 0, moments: {} }
      const found = kept.read((file) => momentsFromFile(file, rule))
      kept.sayAnew()
      const memory = once(found?.state ?? fresh, found?.last)
      /** the validation pass that the schedule was told of last */
      let validated = found?.validated
      /** batches of the source, as the last message that knew them said */
      let budget: number | undefined
      /** what goes on from the state within `budget`, once there was a message */
      let rules: Optimizer | undefined
      let skipped = 0

      /** The optimizer as a message finds it, or makes it start again. */
      const rulesFor = (msg: RnnMessage): Optimizer => {
        const { reset, sequence } = msg
        const steps = sequence?.steps ?? budget
        if (rules && !reset && steps === budget && !memory.isAgain(msg)) return rules
        return optimizer(withinBudget(options, steps), reset ? fresh : memory.before(msg))
      }
      const become = (next: OptimizerState, msg: RnnMessage, by?: Optimizer) => {
        const { reset, sequence } = msg
        if (reset) {
          skipped = 0
          validated = undefined
        }
        memory.become(next, msg)
        budget = sequence?.steps ?? budget
        rules = by
        kept.write(() => momentsToFile({ state: memory.state, validated }))
      }

      /** A pass over held-out sequences: the schedule may look at its loss, and rnn-cell if it keeps its best. */
      const validate = (msg: RnnMessage, send: Send) => {
        const pass = `${msg.sequence?.run} ${msg.sequence?.step}`
        if (pass !== validated || msg.sequence?.run === undefined) {
          const by = rulesFor(msg)
          by.validated(lossOf(msg))
          validated = pass
          become(by.state(), msg, by)
        }
        if (!msg.cell?.judged) return
        delete msg.unrolled
        send(msg)
      }

      const show = ({ step, accumulated }: OptimizerUpdate) =>
        status.working(() =>
          accumulated
            ? RED._('optimizer.status.gathered', { count: accumulated, of: accumulate })
            : RED._('optimizer.status.step', { step }),
        )

      const countSkipped = ({ nonfinite }: Gradient) => {
        skipped += 1
        const count = skipped
        status.exploding(() => RED._('optimizer.status.skipped', { count }))
        if (skipped < maxSkipped) return
        skipped = 0
        throw stuck(nonfinite ? nonfiniteReason(nonfinite) : 'the update is not finite')
      }

      return {
        input(msg, send) {
          const phase = msg.sequence?.phase
          if (!msg.gradient && phase === 'validate' && msg.loss !== undefined) return validate(msg, send)
          if (!msg.gradient && msg.reset) return become(fresh, msg)
          if (!msg.gradient && (phase === 'validate' || phase === 'predict')) return

          const gradient = gradientFromMessage(msg)
          const by = rulesFor(msg)
          const rate = typedNumber(RED, node, learningRate, msg)
          const update = by.update({ ...gradient, clip: msg.clip }, cellFromMessage(msg), rate)
          become(by.state(), msg, by)
          delete msg.reset
          if (update.skipped) countSkipped(gradient)
          else {
            skipped = 0
            show(update)
          }
          seeUpdate(msg, update.learningRate)
          delete msg.unrolled
          delete msg.gradient
          msg.update = { ...update, parameters: allToMessage(update.parameters as Parameters) }
          msg.payload = {
            step: update.step,
            loss: finiteOrNull(msg.loss),
            learningRate: finiteOrNull(update.learningRate),
            norm: finiteOrNull(gradient.norm),
          }
          send(msg)
        },
        close: (removed) =>
          kept.close(removed, () => momentsToFile({ state: memory.state, last: memory.last, validated })),
      }
    })
  })
}

const stuck = (reason: string) =>
  new ExpectedError(
    `a finite gradient; wire clip-gradient in (rule global-norm), lower the learning rate or the gain of the recurrent weights, then send msg.reset`,
    `${maxSkipped} in a row that are not: ${reason}`,
  )
