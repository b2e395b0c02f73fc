/** unroll: the forward pass. Predictions in the payload; the tape for bptt-gradient beside it. */
import type { Node, NodeAPI, NodeDef } from 'node-red'
import { lastState, oneOf, predictions, topologyNames, unroll } from '../src'
import { wordField } from './common/fields'
import { cellFromMessage, unrolledToMessage } from './common/messages'
import { setUp } from './common/node'
import { tensorOrNested, toMessage } from './common/tensors'

interface UnrollConfig extends NodeDef {
  topology?: string
  originalUnits?: boolean
  alwaysTape?: boolean
}

export = (RED: NodeAPI) => {
  RED.nodes.registerType('unroll', function (this: Node, config: UnrollConfig) {
    setUp(RED, this, config, ({ status }) => {
      const topology = oneOf('topology', wordField(config.topology, 'many-to-one'), topologyNames)
      const originalUnits = config.originalUnits ?? true

      return {
        input(msg, send) {
          const cell = cellFromMessage(msg)
          // a source sends its batches scaled; what comes from elsewhere is in the units of the data
          const scaledBefore = msg.sequence?.run !== undefined || msg.sequence?.scale !== undefined
          const learned = msg.cell && 'parameters' in msg.cell ? msg.cell.scale : undefined
          const scale = scaledBefore ? msg.sequence?.scale : learned
          const unrolled = unroll(cell, tensorOrNested(msg.payload, 'msg.payload'), {
            topology,
            inputScale: originalUnits && !scaledBefore ? scale?.input : undefined,
            initialState: tensorOrNested(msg.initialState, 'msg.initialState'),
          })
          const predicted = predictions(unrolled, originalUnits ? scale?.target : undefined)
          delete msg.unrolled
          if (config.alwaysTape || msg.target !== undefined) msg.unrolled = unrolledToMessage(unrolled)
          if (msg.target === undefined) msg.sequence = { ...msg.sequence, phase: 'predict' }
          msg.state = toMessage(lastState(unrolled))
          msg.payload = predicted
          status.working(RED._('unroll.status.steps', { steps: unrolled.steps }))
          send(msg)
        },
      }
    })
  })
}
