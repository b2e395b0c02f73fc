/** sequence-source: batches of sequences that are there, or readings as they come. */
import type { Node, NodeAPI } from 'node-red'
import { setUp } from './common/node'
import { batchSource } from './sequence-source/batch-source'
import type { StreamConfig } from './sequence-source/stream/options'
import { streamSource } from './sequence-source/stream/stream-source'
import { leave, seeSource } from './watch/loops'

export = (RED: NodeAPI) => {
  RED.nodes.registerType('sequence-source', function (this: Node, saved: StreamConfig) {
    setUp(RED, this, saved, (context, config) => {
      const { id } = this
      const sourceOf = config.task === 'stream' ? streamSource : batchSource
      const source = sourceOf(context, config, (facts) => seeSource(id, facts))
      return {
        ...source,
        close(removed) {
          leave(id)
          return source.close?.(removed)
        },
      }
    })
  })
}
