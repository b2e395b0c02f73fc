/** Nodes that a suite starts: one is there from its beginning, so that the engine stays; after it all are closed. */
import { type Stage, typeOf } from './chains'
import { startNode, type ThinNode } from './thin-red'

/** To be called in a describe. @param usual what the dialog of a stage has, where nothing else is said */
export function startsNodes(usual: Partial<Record<Stage, object>>) {
  const started: ThinNode[] = []
  const start = (stage: Stage, config: object = usual[stage] ?? {}): ThinNode => {
    const node = startNode(typeOf[stage], config)
    started.push(node)
    return node
  }
  before(() => void start('unroll', {}))
  after(async () => {
    for (const node of started) await node.close()
  })
  return start
}
