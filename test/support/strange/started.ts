/** Nodes of a chain for a suite: one is there from its beginning, so that the engine stays; after it all are closed. */
import type { RnnMessage } from '../../../nodes/common/message'
import { chains, messagesOf, type Stage, typeOf } from './chains'
import { startNode, type ThinNode } from './thin-red'

/** To be called in a describe. */
export function startsChain(chain = chains[0]) {
  const started: ThinNode[] = []
  let good: Record<Stage, RnnMessage[]>
  before(async () => {
    start('unroll', {})
    good = await messagesOf(chain)
  })
  after(async () => {
    for (const node of started) await node.close()
  })

  function start(stage: Stage, config: object = chain[stage] ?? {}): ThinNode {
    const node = startNode(typeOf[stage], config)
    started.push(node)
    return node
  }
  return {
    /** @param config where it is not that of the chain */
    start,
    /** what has come to a stage as the chain learned */
    good: (stage: Stage): readonly RnnMessage[] => good[stage],
    first: (stage: Stage): RnnMessage => ({ ...good[stage][0] }),
    last: (stage: Stage): RnnMessage => ({ ...good[stage][good[stage].length - 1] }),
  }
}
