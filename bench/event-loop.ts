/**
 * How long the event loop of a Node-RED waits while a flow in it trains without pause, and whether an HTTP endpoint of
 * the same Node-RED goes on answering. Who asks is a process of its own.
 */
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { caseOf, nameOf } from './cases'
import { startRuntime } from './node-red'
import { problemOf } from './problem'
import type { EventLoopResult } from './results'
import { loopOf, readingsOf } from './sides/flow'
import { percentile } from './statistics'
import { duration } from './table'

const of = caseOf('rnn', 256, 64, 100)
const seconds = 20

const endpoint = [
  { id: 'ask', type: 'http in', z: 'tab', x: 0, y: 0, url: '/ask', method: 'get', wires: [['answer']] },
  { id: 'answer', type: 'http response', z: 'tab', x: 0, y: 0, statusCode: '200', wires: [] },
]

export async function measureEventLoop(): Promise<EventLoopResult> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const runtime = await startRuntime(server)
  const problem = problemOf(of)
  await runtime.deploy([...loopOf(problem), ...endpoint])
  let steps = 0
  const gate = runtime.node('gate')
  gate.on('input', (msg, _send, done) => {
    steps += 1
    gate.send(msg as object)
    done()
  })
  gate.send({ payload: readingsOf(problem) })
  while (steps < 3) await pause(50)

  const { port } = server.address() as AddressInfo
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const before = steps
  delay.enable()
  const answers = await asked(`http://127.0.0.1:${port}/ask`)
  delay.disable()
  const made = steps - before
  await runtime.stop()
  server.closeAllConnections()
  server.close()

  const milliseconds = (nanoseconds: number) => nanoseconds / 1e6
  const result = {
    of,
    seconds,
    steps: made,
    delay: {
      p50: milliseconds(delay.percentile(50)),
      p99: milliseconds(delay.percentile(99)),
      max: milliseconds(delay.max),
    },
    answers: { count: answers.length, p50: percentile(answers, 0.5), p99: percentile(answers, 0.99) },
  }
  console.log(
    `${nameOf(of)} for ${seconds} s: ${made} steps; event loop delay p50 ${duration(result.delay.p50)}, ` +
      `p99 ${duration(result.delay.p99)}, at most ${duration(result.delay.max)}; ` +
      `${answers.length} answers, p50 ${duration(result.answers.p50)}, p99 ${duration(result.answers.p99)}`,
  )
  return result
}

/** @returns milliseconds that each answer took */
const asked = (url: string): Promise<number[]> =>
  new Promise((answered, failed) => {
    const child = spawn(process.execPath, [resolve(__dirname, 'ask.mjs'), url, String(seconds)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    child.on('close', (code) =>
      code === 0 ? answered(JSON.parse(text)) : failed(new Error(`who asks ended with ${code}`)),
    )
  })
