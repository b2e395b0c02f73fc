/**
 * `npm run test:matrix`: the flow tests on every Node-RED and every Node that this package is for. They are installed into
 * a temporary folder, which stays for the next time.
 *
 *     npm run test:matrix                                     all of them; some twenty minutes
 *     npm run test:matrix -- test/flows/restart.test.ts       these files only
 *     npm run test:matrix -- --node=22 --node-red=4.1         this combination only; either may be left out
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './assets'

const folder = join(tmpdir(), 'rnn-matrix')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { node: { type: 'string' }, 'node-red': { type: 'string' } },
})
const nodes = values.node ? [values.node] : ['22', '24']
const nodeReds = values['node-red'] ? [values['node-red']] : ['4.1', '5']
const files = positionals.length > 0 ? positionals : ['test/flows/**/*.test.ts']

/** @returns the folder of the package, in a folder of its own */
function installed(name: string, version: string): string {
  const place = join(folder, `${name}-${version}`)
  const packageFolder = join(place, 'node_modules', name)
  if (existsSync(join(place, 'complete'))) return packageFolder
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'package.json'), JSON.stringify({ private: true, allowScripts: { node: true } }))
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', `${name}@${version}`]
  execFileSync('npm', args, { cwd: place, stdio: 'inherit', shell: process.platform === 'win32' })
  writeFileSync(join(place, 'complete'), '')
  return packageFolder
}

function passes(node: string, nodeRed: string): boolean {
  const program = join(installed('node', node), 'bin/node')
  const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim()
  console.log(`\nNode-RED ${nodeRed}, Node ${version}`)
  const mocha = resolve(root, 'node_modules/mocha/bin/mocha.js')
  const { status } = spawnSync(process.execPath, [mocha, '--parallel', '--jobs', '4', ...files], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      RNN_NODE: program,
      RNN_NODE_RED: installed('node-red', nodeRed),
      // npm, where a test asks for it, is run by this Node too
      PATH: `${dirname(program)}${delimiter}${process.env.PATH}`,
    },
  })
  return status === 0
}

const build = spawnSync(process.execPath, ['--import', 'tsx', resolve(root, 'scripts/build.ts')], {
  cwd: root,
  stdio: 'inherit',
})
if (build.status !== 0) process.exit(1)
const results = nodeReds.flatMap((nodeRed) =>
  nodes.map((node) => ({ 'Node-RED': nodeRed, Node: node, passed: passes(node, nodeRed) })),
)
console.table(results)
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1
