/**
 * Mutation testing of rooms, one after the other: `npm run test:mutation -- clip-gradient`, without a name all four.
 * Whatever begins with a dash, and what follows it, is Stryker's.
 */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './assets'
import { buildKernel, kernelIsCurrent } from './kernel'

const rooms = ['clip-gradient', 'optimizer', 'rnn-cell', 'bptt-gradient']

const given = process.argv.slice(2)
const dash = given.findIndex((argument) => argument.startsWith('-'))
const named = dash < 0 ? given : given.slice(0, dash)
const options = dash < 0 ? [] : given.slice(dash)
const stray = named.find((name) => !rooms.includes(name))
if (stray !== undefined) throw new Error(`expected one of ${rooms.join(', ')}, got ${stray}`)

if (!kernelIsCurrent()) buildKernel()
const stryker = resolve(root, 'node_modules/@stryker-mutator/core/bin/stryker.js')
const mocha = pathToFileURL(resolve(root, 'scripts/mocha-for-stryker.mjs'))
for (const room of named.length > 0 ? named : rooms) {
  const { status } = spawnSync(process.execPath, [stryker, 'run', ...options], {
    cwd: root,
    env: { ...process.env, RNN_ROOM: room, NODE_OPTIONS: `--import=${mocha}` },
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}
