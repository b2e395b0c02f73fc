/** A store of flow context: what it says is an answer or an error, whether it says so at once, later or never. */
import type { Node } from 'node-red'
import { ExpectedError } from '../../src'

export interface FlowStore {
  /** @throws what the store throws, and one that answers later does */
  get(key: string): unknown
  /** settles when the store has answered; rejects with its error, and if it does not answer */
  set(key: string, value: unknown): Promise<void>
}

/** Node-RED waits fifteen seconds for a node that closes. */
const patience = 10_000

/** @param store by its name in the settings file; undefined or blank for the usual one */
export function flowStore(node: Node, store: string | undefined): FlowStore {
  const { flow } = node.context()
  return {
    get: (key) => (store ? flow.get(key, store) : flow.get(key)),
    set: (key, value) =>
      new Promise((resolve, reject) => {
        let timer: NodeJS.Timeout | undefined
        let isAnswered = false
        const answer = (error?: unknown) => {
          isAnswered = true
          clearTimeout(timer)
          if (error) reject(error)
          else resolve()
        }
        if (store) flow.set(key, value, store, answer)
        else flow.set(key, value, answer)
        if (isAnswered) return
        const late = new ExpectedError(`an answer within ${patience / 1000} seconds`, 'none')
        timer = setTimeout(() => reject(late), patience)
      }),
  }
}
