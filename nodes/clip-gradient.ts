/** clip-gradient: keeps the gradient from being too large, and says what it did. */
import type { Node, NodeAPI, NodeDef } from 'node-red'
import { clipGradient, clipRules, oneOf } from '../src'
import { typedNumber, wordField } from './common/fields'
import { finiteOrNull, gradientFromMessage, gradientToMessage } from './common/messages'
import { isBareReset, setUp } from './common/node'

interface ClipGradientConfig extends NodeDef {
  rule?: string
  threshold?: string
  thresholdType?: string
}

export = (RED: NodeAPI) => {
  RED.nodes.registerType('clip-gradient', function (this: Node, config: ClipGradientConfig) {
    setUp(RED, this, config, ({ node, status }) => {
      const rule = oneOf('rule', wordField(config.rule, 'global-norm'), clipRules)
      const threshold = { name: 'threshold', value: config.threshold, type: config.thresholdType ?? 'num' }

      return {
        input(msg, send) {
          if (isBareReset(msg, 'gradient')) return undefined
          const hasNone = msg.sequence?.phase === 'validate' || msg.sequence?.phase === 'predict'
          if (hasNone && !msg.gradient) return send(msg)
          const { clip, ...gradient } = clipGradient(gradientFromMessage(msg), {
            rule,
            threshold: rule === 'none' ? undefined : typedNumber(RED, node, threshold, msg),
          })
          msg.gradient = gradientToMessage(gradient)
          msg.clip = clip
          const { normBefore, normAfter, coefficient, clipped } = clip
          msg.payload = {
            normBefore: finiteOrNull(normBefore),
            normAfter: finiteOrNull(normAfter),
            coefficient,
            clipped,
          }
          if (clip.nonfinite) status.exploding(RED._('clip-gradient.status.nonfinite'))
          else if (clipped)
            status.working(RED._('clip-gradient.status.clipped', { coefficient: coefficient.toPrecision(2) }))
          else status.ready(RED._('clip-gradient.status.passed'))
          return send(msg)
        },
      }
    })
  })
}
