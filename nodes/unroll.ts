/** unroll: the forward pass. Predictions in the payload; the tape for bptt-gradient beside it. */
import type { Node, NodeAPI, NodeDef } from 'node-red'
import { lastState, oneOf, predictions, topologyNames, unroll } from '../src'
import { wordField } from './common/fields'
import { isSequence } from './common/infer-sizes'
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
          if (msg.reset && !isSequence(msg.payload)) return
          const cell = cellFromMessage(msg)
          // a source sends its batches scaled; what comes from elsewhere to be predicted is in the units of the data
          const scaledBefore = msg.sequence?.run !== undefined || msg.sequence?.scale !== undefined
          const learned = msg.cell && 'parameters' in msg.cell ? msg.cell.scale : undefined
          const inDataUnits = originalUnits && !scaledBefore && msg.target === undefined
          const scale = scaledBefore ? msg.sequence?.scale : inDataUnits ? learned : undefined
          const unrolled = unroll(cell, tensorOrNested(msg.payload, 'msg.payload'), {
            topology,
            inputScale: inDataUnits ? learned?.input : undefined,
            initialState: tensorOrNested(msg.initialState, 'msg.initialState'),
          })
          const predicted = predictions(unrolled, originalUnits ? scale?.target : undefined)
          delete msg.unrolled
          if (config.alwaysTape || msg.target !== undefined) msg.unrolled = unrolledToMessage(unrolled)
          if (msg.target === undefined) msg.sequence = { ...msg.sequence, phase: 'predict' }
          delete msg.nonfinite
          const predictable = unrolled.outputs.data.every(Number.isFinite)
          if (!predictable) msg.nonfinite = true
          msg.state = toMessage(lastState(unrolled))
          msg.payload = predicted
          if (!predictable) status.exploding(RED._('unroll.status.nonfinite'))
          else status.working(RED._('unroll.status.steps', { steps: unrolled.steps }))
          send(msg)
        },
      }
    })
  })
}
