/**
 * What all six nodes have in common: reading the configuration, one path for messages and errors, closing.
 * A promise that rejects in an input handler ends the whole Node-RED process; here none can.
 */
import { types } from 'node:util'
import type { Node, NodeAPI, NodeDef } from 'node-red'
import { describe, ExpectedError } from '../../src'
import { leaveEngine, useEngine } from './engine'
import type { RnnMessage } from './message'
import { currentVersion, isKnown, migrate } from './migrations/migrate'
import type { Saved } from './migrations/saved'
import { received } from './received'
import { type StatusDisplay, statusDisplay } from './status'

/** One message, or for each output a message, several, or nothing. */
export type Send = (msg: RnnMessage | (RnnMessage | RnnMessage[] | null)[]) => void

export interface Behaviour {
  /** takes one message; throws (or rejects) with what was wrong, having changed nothing */
  input(msg: RnnMessage, send: Send): void | Promise<void>
  /** gives everything back; settles when no message is under way any more */
  close?(removed: boolean): void | Promise<void>
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
 * @param saved by this version of the package, or by an earlier one
 * @param behave reads the configuration, as this version has it, and returns what the node does
 */
export function setUp<Config extends NodeDef>(
  RED: NodeAPI,
  node: Node,
  saved: Config,
  behave: (context: NodeContext, config: Config) => Behaviour,
): void {
  RED.nodes.createNode(node, saved)
  const status = statusDisplay(node)
  const failed = (error: unknown) => {
    status.error(() => RED._('node-red:common.status.error'))
    return withNodeName(node, error)
  }
  const sayWrong = (error: unknown) => node.error(String(failed(error)))

  let behaviour: Behaviour
  try {
    useEngine(RED)
    behaviour = behave({ RED, node, status }, upToDate(saved))
  } catch (error) {
    sayWrong(error)
    behaviour = {
      input: () => {
        throw error
      },
    }
  }

  /** From then on the node has nothing more to say, not even an error. */
  let closed = false

  node.on('input', (msg, send, done) => {
    if (closed) return done()
    const fail = (error: unknown) => (closed ? done() : done(failed(error)))
    let pending: void | Promise<void>
    try {
      pending = behaviour.input(received(msg), (out) => {
        if (!closed) (send as Send)(out)
      })
    } catch (error) {
      return fail(error)
    }
    if (!pending) return done()
    pending.then(() => done(), fail).catch(sayWrong)
  })

  node.on('close', (removed: boolean, done: () => void) => {
    closed = true
    status.close()
    close(removed).catch(sayWrong).then(done)
  })

  async function close(removed: boolean): Promise<void> {
    try {
      await behaviour.close?.(removed && !isStillThere(RED, node))
    } finally {
      await leaveEngine()
    }
  }
}

/** @throws ExpectedError for what a later version has saved: its fields may mean what this one does not know */
function upToDate<Config extends NodeDef>(config: Config): Config {
  const { type } = config
  const saved = config as unknown as Saved
  if (isKnown(type, saved)) return migrate(type, saved) as unknown as Config
  const known = `configVersion ${currentVersion(type)} at most`
  throw new ExpectedError(
    `a node saved by this version or an earlier one (${known})`,
    describe(saved.configVersion),
  )
}

/** A node that is switched off, or whose flow is, counts as removed for Node-RED; for a person it is still there. */
function isStillThere(RED: NodeAPI, { id, z, _alias }: Node & { _alias?: string }): boolean {
  return isInFlows(RED, id) || (_alias !== undefined && isInFlows(RED, _alias) && isInFlows(RED, z))
}

/** Whether there is a node, or a flow, with this id, switched on or off. */
export function isInFlows(RED: NodeAPI, id: string): boolean {
  let isFound = false
  RED.nodes.eachNode((one) => {
    isFound ||= one.id === id
  })
  return isFound
}

/** The error under the node's type, and its name if it has one: Node-RED shows "type: message". */
function withNodeName({ type, name }: Node, error: unknown): Error {
  const { message } = types.isNativeError(error)
    ? error
    : new Error(`something that is no error: ${describe(error)}`)
  const own = new Error(message, { cause: error })
  own.name = name ? `${type} "${name}"` : type
  return own
}
