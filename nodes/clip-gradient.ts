/** clip-gradient: keeps the gradient from being too large, and says what it did. */
import type { Node, NodeAPI } from 'node-red'
import { type GradientClipper, gradientClipper, isRunningClip } from '../src'
import { clipperFromFile, clipperToFile } from './clip-gradient/kept-clipper'
import { type ClipGradientConfig, readClipOptions } from './clip-gradient/options'
import { cellFromMessage } from './common/cell-message'
import { typedNumber } from './common/fields'
import { gradientFromMessage, gradientToMessage } from './common/gradient-message'
import { keeper } from './common/keeper'
import type { RnnMessage } from './common/message'
import { isBareReset, setUp } from './common/node'
import { once } from './common/once'
import { plain } from './common/plain'
import { seeClip } from './watch/loops'

export = (RED: NodeAPI) => {
  RED.nodes.registerType('clip-gradient', function (this: Node, saved: ClipGradientConfig) {
    setUp(RED, this, saved, (context, config) => {
      const { node, status } = context
      const { options, threshold: limit } = readClipOptions(config)
      const fresh = gradientClipper(options).state()
      const kept = isRunningClip(options.rule) ? keeper(context, config.store) : undefined
      const found = kept?.read((file) => clipperFromFile(file, options))
      kept?.sayAnew()
      const memory = once(found?.state ?? fresh, found?.last)
      /** what goes on from the state */
      let clipper = gradientClipper(options, memory.state)

      const become = (next: GradientClipper, msg: RnnMessage) => {
        clipper = next
        if (!kept) return
        memory.become(next.state(), msg)
        kept.write(() => clipperToFile(memory, options))
      }

      return {
        input(msg, send) {
          const isNext = !msg.reset && !memory.isAgain(msg)
          const begun = isNext ? clipper : gradientClipper(options, msg.reset ? fresh : memory.before(msg))
          if (isBareReset(msg, 'gradient')) return become(begun, msg)
          const hasNone = msg.sequence?.phase === 'validate' || msg.sequence?.phase === 'predict'
          if (hasNone && !msg.gradient) return send(msg)
          const { clip, ...gradient } = begun.clip(gradientFromMessage(msg), {
            ...(limit && { threshold: typedNumber(RED, node, limit, msg) }),
            ...(options.rule === 'adaptive' && { parameters: cellFromMessage(msg).parameters }),
          })
          become(begun, msg)
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
        close: (removed) => kept?.close(removed, () => clipperToFile(memory, options)),
      }
    })
  })
}
