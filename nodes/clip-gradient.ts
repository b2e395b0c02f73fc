/** clip-gradient: keeps the gradient from being too large, and says what it did. */
import type { Node, NodeAPI } from 'node-red'
import { gradientClipper } from '../src'
import { cellFromMessage } from './common/cell-message'
import { type ClipGradientConfig, readClipOptions } from './common/clip-options'
import { typedNumber } from './common/fields'
import { gradientFromMessage, gradientToMessage } from './common/gradient-message'
import { isBareReset, setUp } from './common/node'
import { plain } from './common/plain'
import { seeClip } from './watch/loops'

export = (RED: NodeAPI) => {
  RED.nodes.registerType('clip-gradient', function (this: Node, config: ClipGradientConfig) {
    setUp(RED, this, config, ({ node, status }) => {
      const { options, threshold: limit } = readClipOptions(config)
      const start = () => gradientClipper(options)
      let clipper = start()

      return {
        input(msg, send) {
          const begun = msg.reset ? start() : clipper
          if (isBareReset(msg, 'gradient')) {
            clipper = begun
            return undefined
          }
          const hasNone = msg.sequence?.phase === 'validate' || msg.sequence?.phase === 'predict'
          if (hasNone && !msg.gradient) return send(msg)
          const { clip, ...gradient } = begun.clip(gradientFromMessage(msg), {
            ...(limit && { threshold: typedNumber(RED, node, limit, msg) }),
            ...(options.rule === 'adaptive' && { parameters: cellFromMessage(msg).parameters }),
          })
          clipper = begun
          msg.gradient = gradientToMessage(gradient)
          msg.clip = clip
          seeClip(msg, clip.normAfter)
          const { rule: _, nonfinite, ...done } = clip
          const { coefficient, zeroed } = clip
          msg.payload = plain(done)
          if (nonfinite) status.exploding(() => RED._('clip-gradient.status.nonfinite'))
          else if (zeroed) status.working(() => RED._('clip-gradient.status.zeroed', { count: zeroed }))
          else if (clip.clipped) {
            status.working(() =>
              RED._('clip-gradient.status.clipped', { coefficient: coefficient.toPrecision(2) }),
            )
          } else status.ready(() => RED._('clip-gradient.status.passed'))
          return send(msg)
        },
      }
    })
  })
}
