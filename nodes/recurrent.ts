/** The runtime's half of the sidebar: routes once per process, digests to the editors, and forgetting what is gone. */
import type { NodeAPI } from 'node-red'
import { addPreviewRoute } from './sequence-source/preview/route'
import { closeAside } from './watch/aside'
import { keepOnly, publishBy } from './watch/loops'
import { addRoutes } from './watch/routes'
import { digestTopic } from './watch/wire'

export = (RED: NodeAPI) => {
  addRoutes(RED)
  addPreviewRoute(RED)
  publishBy((digests) => RED.comms.publish(digestTopic, digests, false))
  RED.events.on('flows:started', () => keepOnly((id) => RED.nodes.getNode(id) !== null))
  RED.events.on('flows:stopped', () => closeAside())
}
