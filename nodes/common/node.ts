/**
 * What all six nodes have in common: reading the configuration, one path for messages and errors, closing.
 * A promise that rejects in an input handler ends the whole Node-RED process; here none can.
 */
import type { Node, NodeAPI, NodeDef } from 'node-red'
import type { RnnMessage } from './message'
import { type StatusDisplay, statusDisplay } from './status'

/** One message, or for each output a message, several, or nothing. */
export type Send = (msg: RnnMessage | (RnnMessage | RnnMessage[] | null)[]) => void

export interface Behaviour {
  /** takes one message; throws (or rejects) with what was wrong, having changed nothing */
  input(msg: RnnMessage, send: Send): void | Promise<void>
  /** gives everything back */
  close?(removed: boolean): void
}

/** A reset that brings nothing for the node to work on: to start again is all it asks. */
export const isBareReset = (msg: RnnMessage, input: 'unrolled' | 'gradient'): boolean =>
  Boolean(msg.reset) && msg[input] === undefined

export interface NodeContext {
  readonly RED: NodeAPI
  readonly node: Node
  readonly status: StatusDisplay
}

/**
 * Sets a node up. If its configuration is wrong, the node says so once and answers every message with the error.
 *
 * @param behave reads the configuration and returns what the node does
 */
export function setUp(
  RED: NodeAPI,
  node: Node,
  config: NodeDef,
  behave: (context: NodeContext) => Behaviour,
): void {
  RED.nodes.createNode(node, config)
  const status = statusDisplay(node)
  const named = (error: unknown) => withNodeName(node, error)
  const failed = (error: unknown) => {
    status.error(() => RED._('node-red:common.status.error'))
    return named(error)
  }

  let behaviour: Behaviour
  try {
    behaviour = behave({ RED, node, status })
  } catch (error) {
    const wrong = failed(error)
    node.error(String(wrong))
    behaviour = {
      input: () => {
        throw error
      },
    }
  }

  node.on('input', (msg, send, done) => {
    const end = (error?: unknown) => (error === undefined ? done() : done(failed(error)))
    try {
      const pending = behaviour.input(msg as RnnMessage, send as Send)
      if (pending) pending.then(() => end(), end)
      else end()
    } catch (error) {
      end(error)
    }
  })

  node.on('close', (removed: boolean, done: () => void) => {
    try {
      behaviour.close?.(removed)
    } catch (error) {
      node.error(String(named(error)))
    }
    status.close()
    done()
  })
}

/** The error under the node's type, and its name if it has one: Node-RED shows "type: message". */
function withNodeName({ type, name }: Node, error: unknown): Error {
  const { message } = error instanceof Error ? error : new Error(String(error))
  const own = new Error(message, { cause: error })
  own.name = name ? `${type} "${name}"` : type
  return own
}
