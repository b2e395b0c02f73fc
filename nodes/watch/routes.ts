/** What the editor asks of the runtime. Every route needs a permission, and says in words what is wrong. */
import type { NodeAPI } from 'node-red'
import { describe, ExpectedError, oneOf } from '../../src'
import { answerFor } from './answers'
import { findLoop, isUnderWay, look, wholeLoop } from './loops'
import { controls, leaseTime, traceViews } from './wire'

type Handler = Parameters<NodeAPI['httpAdmin']['get']>[1]
type Answer = Parameters<Extract<Handler, (...args: never[]) => unknown>>[1]

/** Loops that one editor looks at. */
const mostLoops = 64

export function addRoutes(RED: NodeAPI): void {
  const reads = RED.auth.needsPermission('recurrent.read')
  const writes = RED.auth.needsPermission('recurrent.write')
  const { httpAdmin } = RED

  /** An editor looks at these loops, for so many milliseconds from now on. */
  httpAdmin.post('/recurrent/look', reads, (request, answer) => {
    const { loops } = (request.body ?? {}) as { loops?: unknown }
    const isList = Array.isArray(loops) && loops.length <= mostLoops
    if (!isList || !loops.every((id) => typeof id === 'string' && id.length <= 64))
      return refuse(
        answer,
        new ExpectedError(`at most ${mostLoops} ids of rnn-cells in loops`, describe(loops)),
      )
    look(loops)
    answer.json({ leaseTime })
  })

  /** All that is kept of a loop, or null. */
  httpAdmin.get('/recurrent/loops/:id', reads, (request, answer) => {
    answer.json(wholeLoop(String(request.params.id)) ?? null)
  })

  /** One view of its latest batch in full; null before the first; an error in words where there is no such view of it. */
  httpAdmin.get('/recurrent/loops/:id/:view', reads, async (request, answer) => {
    try {
      const view = oneOf('the view', request.params.view, traceViews)
      const loop = findLoop(String(request.params.id))
      const json = loop && (await answerFor(loop, view, isUnderWay(loop)))
      answer.type('json').send(json ?? 'null')
    } catch (error) {
      refuse(answer, error)
    }
  })

  /** Sends a sequence-source the message that a flow would send it. */
  httpAdmin.post('/recurrent/sources/:id', writes, (request, answer) => {
    try {
      const { control } = (request.body ?? {}) as { control?: unknown }
      const asked = oneOf('control', control, controls)
      const node = RED.nodes.getNode(String(request.params.id))
      if (node?.type !== 'sequence-source')
        throw new ExpectedError(
          'the id of a sequence-source',
          node ? `one of ${node.type}` : 'no node of the flow',
        )
      node.receive(asked === 'reset' ? { reset: true } : { control: asked })
      answer.json({ control: asked })
    } catch (error) {
      refuse(answer, error)
    }
  })
}

const refuse = (answer: Answer, error: unknown): void => {
  const isWrong = error instanceof ExpectedError
  answer.status(isWrong ? 400 : 503).json({ error: error instanceof Error ? error.message : String(error) })
}
