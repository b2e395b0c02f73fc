/** Something that goes wrong for a while: said once, not each time it is tried again, and shown until it is over. */
import type { Node } from 'node-red'
import type { NodeContext } from './node'

export interface Trouble {
  begin(reason: string): void
  end(): void
}

/** What comes and goes, or goes wrong in several ways, each node says once in this time, in milliseconds. */
const rest = 60_000
const saidAt = new WeakMap<Node, number>()

/**
 * @param id of this trouble among those of the node
 * @param store the name of the store that is in trouble
 */
export function trouble({ RED, node, status }: NodeContext, id: string, store: string): Trouble {
  let isOn = false
  let isSaid = false
  return {
    begin(reason) {
      if (isOn) return
      isOn = true
      status.trouble(id, () => RED._(`${node.type}.status.notKept`))
      isSaid = performance.now() - (saidAt.get(node) ?? Number.NEGATIVE_INFINITY) >= rest
      if (!isSaid) return
      saidAt.set(node, performance.now())
      node.error(RED._(`${node.type}.message.notKept`, { store, reason }))
    },
    end() {
      if (!isOn) return
      isOn = false
      status.trouble(id, undefined)
      if (isSaid) node.log(RED._(`${node.type}.message.keptAgain`, { store }))
    },
  }
}
