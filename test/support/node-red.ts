/** A real Node-RED in a process of its own, with this package installed in an empty user directory. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { root } from '../../scripts/assets'
import { isBuilt } from '../../scripts/build-stamp'
import { prepareUserDirectory } from '../../scripts/user-directory'
import { nodeProgram, nodeRedScript } from '../../scripts/which-node-red'

export interface NodeRed {
  readonly url: string
  readonly pid: number
  readonly userDirectory: string
  /** all that it printed */
  output(): string
  /** waits for something to be printed; fails if Node-RED ends before, or prints nothing more for minutes */
  prints(pattern: RegExp): Promise<RegExpMatchArray>
  /** ends the process and leaves its user directory */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** ends it and takes the user directory away */
  stop(): Promise<void>
}

/** Compiles the package if it has changed: several processes may run tests of one that was built before. */
export function build(): void {
  if (isBuilt()) return
  execFileSync(process.execPath, ['--import', 'tsx', resolve(root, 'scripts/build.ts')], {
    cwd: root,
    stdio: 'inherit',
  })
}

export const example = (name: string): Record<string, unknown>[] =>
  JSON.parse(readFileSync(resolve(root, 'examples', `${name}.json`), 'utf8'))

/** A port that is free at this moment. */
export const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => found(port))
    })
  })

/**
 * @param prepare puts the package into the user directory; by default a link to this project
 * @param settings Node-RED's settings file
 */
export async function startNodeRed(
  flow: readonly object[],
  prepare: (directory: string) => void = (directory) => {
    build()
    prepareUserDirectory(directory)
  },
  settings = resolve(root, 'scripts/settings.cjs'),
): Promise<NodeRed> {
  const userDirectory = mkdtempSync(join(tmpdir(), 'rnn-node-red-'))
  prepare(userDirectory)
  writeFileSync(join(userDirectory, 'flows.json'), JSON.stringify(flow))
  return startAgain(userDirectory, settings)
}

/** In a user directory that is there already, as a Node-RED before has left it. */
export async function startAgain(
  userDirectory: string,
  settings = resolve(root, 'scripts/settings.cjs'),
): Promise<NodeRed> {
  const port = await freePort()
  const child = spawn(nodeProgram, [nodeRedScript, '--userDir', userDirectory, '--settings', settings], {
    env: { ...process.env, PORT: String(port) },
    cwd: userDirectory,
  })
  const printed = collect(child)
  await printed.waitFor(/Started flows/)
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    const ended = new Promise((resolved) => child.once('exit', resolved))
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await ended
  }
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid as number,
    userDirectory,
    output: printed.text,
    prints: printed.waitFor,
    end,
    async stop() {
      await end('SIGTERM')
      rmSync(userDirectory, { recursive: true, force: true })
    },
  }
}

/** What a process prints, and waiting for it. Silence for five minutes counts as standing still. */
export function collect(child: ChildProcess) {
  let text = ''
  let silentSince = performance.now()
  const add = (chunk: Buffer) => {
    text += chunk
    silentSince = performance.now()
  }
  child.stdout?.on('data', add)
  child.stderr?.on('data', add)

  const waitFor = (pattern: RegExp) =>
    new Promise<RegExpMatchArray>((resolve, reject) => {
      const look = setInterval(() => {
        const found = text.match(pattern)
        const stands = performance.now() - silentSince > 300_000
        if (!found && child.exitCode === null && !stands) return
        clearInterval(look)
        if (found) resolve(found)
        else reject(new Error(`waited for ${pattern} in vain; printed so far:\n${text}`))
      }, 50)
    })
  return { waitFor, text: () => text }
}
