/**
 * As much of Node-RED as our nodes touch, and no more: messages go straight into a node's input and out of it into a list.
 * For tests that send so many that hooks and clones would take longer than the nodes do; test/support/flow.ts has the
 * runtime itself.
 */
import bpttGradient from '../../../nodes/bptt-gradient'
import clipGradient from '../../../nodes/clip-gradient'
import type { RnnMessage } from '../../../nodes/common/message'
import optimizer from '../../../nodes/optimizer'
import rnnCell from '../../../nodes/rnn-cell'
import sequenceSource from '../../../nodes/sequence-source'
import unroll from '../../../nodes/unroll'

const { util } = require('@node-red/util') as { util: { cloneMessage<T>(msg: T): T } }

/** What came of one message. */
export interface Outcome {
  /** `[output][…]` of every send */
  readonly sent: unknown[]
  readonly ends: (Error | undefined)[]
  /** what the handler let out, which Node-RED would meet */
  escaped?: unknown
}

export interface ThinNode {
  readonly type: string
  /** hands a message in; what comes of it may go on when this returns */
  input(msg: unknown): Outcome
  /** everything under the names it is kept by, after the node has closed */
  close(): Promise<Record<string, unknown>>
  readonly errors: string[]
  readonly warnings: string[]
}

type Handler = (msg: unknown, send: (out: unknown) => void, done: (error?: Error) => void) => void
type Close = (removed: boolean, done: () => void) => void
type Constructor = (this: object, config: object) => void

const modules = [sequenceSource, rnnCell, unroll, bpttGradient, clipGradient, optimizer]

/**
 * A node with this dialog, under its type as id, so that two of the same kind say the same of themselves.
 *
 * @param hear is told of every send
 */
export function startNode(type: string, config: object, hear: (out: unknown) => void = () => {}): ThinNode {
  const store = new Map<string, unknown>()
  const handlers: { input?: Handler; close?: Close } = {}
  const constructors = new Map<string, Constructor>()
  const [errors, warnings]: string[][] = [[], []]
  let ids = 0
  const node = {
    context: () => ({
      flow: {
        get: (name: string) => store.get(name),
        set(name: string, value: unknown, answer: () => void) {
          if (value === undefined) store.delete(name)
          else store.set(name, value)
          answer()
        },
      },
    }),
    on(event: 'input' | 'close', handler: never) {
      handlers[event] = handler
    },
    status() {},
    log() {},
    error: (text: unknown) => void errors.push(String(text)),
    warn: (text: unknown) => void warnings.push(String(text)),
  }
  const RED = {
    nodes: {
      createNode: (of: object) => Object.assign(of, node, { id: type, type, name: '' }),
      registerType: (name: string, construct: Constructor) => constructors.set(name, construct),
      getNode: (id: string) => (id === 'rnn-cell' ? { type: id } : null),
      eachNode: (look: (one: { id: string }) => void) => look({ id: type }),
    },
    settings: { rnnWorkers: 0 },
    util: { ...util, generateId: () => `id${ids++}` },
    auth: { needsPermission: () => () => {} },
    httpAdmin: { get() {} },
    _: (key: string) => key,
  }
  for (const register of modules) (register as (red: unknown) => void)(RED)
  constructors.get(type)?.call({}, { id: type, type, ...config })

  return {
    type,
    errors,
    warnings,
    input(msg) {
      const outcome: Outcome = { sent: [], ends: [] }
      try {
        handlers.input?.(
          msg,
          (out) => {
            outcome.sent.push(out)
            hear(out)
          },
          (error) => void outcome.ends.push(error),
        )
      } catch (error) {
        outcome.escaped = error
      }
      return outcome
    },
    async close() {
      await new Promise<void>((done) => handlers.close?.(false, done))
      return Object.fromEntries(store)
    },
  }
}

/** The messages of one send, output by output. */
export const outputsOf = (out: unknown): RnnMessage[][] =>
  (Array.isArray(out) ? out : [out]).map((one) => [one ?? []].flat() as RnnMessage[])

/** As a wire that fans out hands it on. */
export const copyOf = <T>(msg: T): T => util.cloneMessage(msg)
