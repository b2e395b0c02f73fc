/**
 * A node's status: sent on change only, at most twice a second, the latest last. A text is put into words only when its
 * turn has come: a message pays nothing for one that nobody would see.
 */
import type { Node, NodeStatus } from 'node-red'

const interval = 500

export type StatusText = () => string

export interface StatusDisplay {
  /** blue ring */
  working(text: StatusText): void
  /** green dot */
  ready(text: StatusText): void
  /** grey ring: held by a person */
  paused(text: StatusText): void
  /** yellow ring */
  vanishing(text: StatusText): void
  /** red ring */
  exploding(text: StatusText): void
  /** red dot, at once */
  error(text: StatusText): void
  /** yellow dot in place of what is usual, until it is over: undefined then */
  trouble(id: string, text: StatusText | undefined): void
  close(): void
}

export function statusDisplay(node: Node): StatusDisplay {
  let shown = ''
  let lookedAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let waiting: (() => NodeStatus) | undefined
  /** the latest that is shown where nothing is in trouble */
  let usual = (): NodeStatus => ({})
  const troubles = new Map<string, StatusText>()
  let closed = false

  const send = (latest: () => NodeStatus) => {
    clearTimeout(timer)
    timer = undefined
    waiting = undefined
    if (closed) return
    lookedAt = performance.now()
    const status = latest()
    const text = JSON.stringify(status)
    if (text === shown) return
    shown = text
    node.status(status)
  }

  const show = (fill: NodeStatus['fill'], shape: NodeStatus['shape'], text: StatusText) => {
    usual = () => ({ fill, shape, text: text() })
    look()
  }

  const look = () => {
    const [trouble] = troubles.values()
    waiting = trouble ? () => ({ fill: 'yellow', shape: 'dot', text: trouble() }) : usual
    if (timer || closed) return
    const wait = interval - (performance.now() - lookedAt)
    if (wait <= 0) send(waiting)
    else timer = setTimeout(() => waiting && send(waiting), wait)
  }

  return {
    working: (text) => show('blue', 'ring', text),
    ready: (text) => show('green', 'dot', text),
    paused: (text) => show('grey', 'ring', text),
    vanishing: (text) => show('yellow', 'ring', text),
    exploding: (text) => show('red', 'ring', text),
    trouble: (id, text) => {
      if (text) troubles.set(id, text)
      else troubles.delete(id)
      look()
    },
    error: (text) => send(() => ({ fill: 'red', shape: 'dot', text: text() })),
    close: () => {
      closed = true
      clearTimeout(timer)
    },
  }
}
