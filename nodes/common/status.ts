/** A node's status: sent on change only, at most twice a second, the latest last. */
import type { Node, NodeStatus } from 'node-red'

const interval = 500

export interface StatusDisplay {
  /** blue ring */
  working(text: string): void
  /** green dot */
  ready(text: string): void
  /** yellow ring */
  vanishing(text: string): void
  /** red ring */
  exploding(text: string): void
  /** red dot, at once */
  error(text: string): void
  close(): void
}

export function statusDisplay(node: Node): StatusDisplay {
  let shown = ''
  let sentAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let waiting: NodeStatus | undefined

  let closed = false

  const send = (status: NodeStatus) => {
    clearTimeout(timer)
    timer = undefined
    if (closed) return
    const text = JSON.stringify(status)
    if (text === shown) return
    shown = text
    sentAt = performance.now()
    node.status(status)
  }

  const show = (fill: NodeStatus['fill'], shape: NodeStatus['shape'], text: string) => {
    waiting = { fill, shape, text }
    const wait = interval - (performance.now() - sentAt)
    if (wait <= 0) send(waiting)
    else if (!closed) timer ??= setTimeout(() => waiting && send(waiting), wait)
  }

  return {
    working: (text) => show('blue', 'ring', text),
    ready: (text) => show('green', 'dot', text),
    vanishing: (text) => show('yellow', 'ring', text),
    exploding: (text) => show('red', 'ring', text),
    error: (text) => send({ fill: 'red', shape: 'dot', text }),
    close: () => {
      closed = true
      clearTimeout(timer)
    },
  }
}
