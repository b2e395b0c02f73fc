/** How large the package is once installed with what it depends on, and what its nodes add to Node-RED's start. */
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { root } from '../scripts/assets'
import { packageSentence } from './report-tables'
import type { PackageResult } from './results'
import { rotated } from './statistics'

const rounds = 9

export async function measurePackage(): Promise<PackageResult> {
  const directory = mkdtempSync(join(tmpdir(), 'rnn-package-'))
  try {
    const [bare, equipped] = ['bare', 'equipped'].map((name) => {
      const userDirectory = join(directory, name)
      mkdirSync(userDirectory)
      writeFileSync(join(userDirectory, 'flows.json'), '[]')
      writeFileSync(join(userDirectory, 'package.json'), '{ "name": "user", "private": true }')
      return userDirectory
    })
    npm(['pack', '--ignore-scripts', '--pack-destination', directory], root)
    const [tarball] = readdirSync(directory).filter((name) => name.endsWith('.tgz'))
    npm(['install', '--omit=dev', '--no-audit', '--no-fund', join(directory, tarball)], equipped)
    cpSync(resolve(root, 'scripts/settings.cjs'), join(directory, 'settings.cjs'))

    const starts: Record<string, number[]> = { [bare]: [], [equipped]: [] }
    for (const userDirectory of [bare, equipped]) await startOf(userDirectory, directory)
    for (let round = 0; round < rounds; round++)
      for (const userDirectory of rotated([bare, equipped], round))
        starts[userDirectory].push(await startOf(userDirectory, directory))
    const result = {
      tarballBytes: statSync(join(directory, tarball)).size,
      installedBytes: bytesIn(join(equipped, 'node_modules')),
      startWith: starts[equipped],
      startWithout: starts[bare],
    }
    console.log(packageSentence(result))
    return result
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const npm = (args: string[], cwd: string) => {
  execFileSync('npm', args, {
    cwd,
    stdio: ['ignore', 'ignore', 'ignore'],
    shell: process.platform === 'win32',
  })
}

const bytesIn = (directory: string): number =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => found(port))
    })
  })

/** @returns milliseconds from the start of the process to Node-RED's "Started flows" */
async function startOf(userDirectory: string, directory: string): Promise<number> {
  const port = await freePort()
  const before = performance.now()
  const child = spawn(
    process.execPath,
    [
      resolve(root, 'node_modules/node-red/red.js'),
      ...['--userDir', userDirectory, '--settings', join(directory, 'settings.cjs')],
    ],
    { cwd: userDirectory, env: { ...process.env, PORT: String(port) }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = new Promise((end) => child.once('exit', end))
  let text = ''
  const took = await new Promise<number>((started, failed) => {
    child.stdout.on('data', (chunk) => {
      text += chunk
      if (text.includes('Started flows')) started(performance.now() - before)
    })
    child.once('exit', () => failed(new Error(`Node-RED ended: ${text}`)))
  })
  child.kill('SIGTERM')
  await ended
  return took
}
