/**
 * A side in a process of its own (Python, C), which takes commands by lines and answers each by one line:
 *
 *     setUp <type> <H> <B> <T> <D> <file of the problem>     →  ok
 *     gradients <file to write: loss, then the parameters, float32>     →  ok
 *     run <steps>     →  milliseconds, by its own clock
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Case } from '../cases'
import { type Problem, writeProblem } from '../problem'
import type { Gradients, Side } from './side'

export interface Child {
  readonly name: string
  readonly command: string
  readonly arguments: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  plays?(of: Case): boolean
}

export function childSide(child: Child): Side {
  const directory = mkdtempSync(join(tmpdir(), 'rnn-bench-'))
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
  let asked: ReturnType<typeof start> | undefined
  let problem: Problem | undefined
  const ask = (line: string) => {
    asked ??= start(child)
    return asked.ask(line)
  }
  return {
    name: child.name,
    plays: child.plays ?? (() => true),
    async setUp(given) {
      problem = given
      const file = join(directory, 'problem')
      writeProblem(problem, file)
      const { type, hidden, batch, steps, features } = problem.of
      await ask(`setUp ${type} ${hidden} ${batch} ${steps} ${features} ${file}`)
    },
    async lossAndGradients() {
      const file = join(directory, 'gradients')
      await ask(`gradients ${file}`)
      return readGradients(problem as Problem, readFileSync(file))
    },
    run: async (steps) => Number(await ask(`run ${steps}`)),
    async tearDown() {},
    close: () => asked?.end(),
  }
}

/** Loss, then the parameters in the order of the problem. */
export function readGradients(
  { parameters }: Problem,
  bytes: Buffer,
  Numbers: Float32ArrayConstructor | Float64ArrayConstructor = Float32Array,
): Gradients {
  const numbers = new Numbers(new Uint8Array(bytes).buffer)
  const read: Record<string, ArrayLike<number>> = {}
  let at = 1
  for (const { name, data } of parameters) {
    read[name] = numbers.subarray(at, at + data.length)
    at += data.length
  }
  return { loss: numbers[0], parameters: read }
}

function start({ name, command, arguments: given, environment }: Child) {
  const child: ChildProcess = spawn(command, given, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  })
  const waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = []
  const giveUp = (error: Error) => {
    for (const { reject } of waiting.splice(0)) reject(error)
  }
  child.on('error', giveUp)
  child.on('exit', (code) => giveUp(new Error(`${name} ended with ${code}`)))
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) =>
    waiting.shift()?.resolve(line),
  )
  return {
    ask: (line: string) =>
      new Promise<string>((resolve, reject) => {
        waiting.push({ resolve, reject })
        child.stdin?.write(`${line}\n`)
      }),
    end(): void {
      child.stdin?.end()
    },
  }
}
