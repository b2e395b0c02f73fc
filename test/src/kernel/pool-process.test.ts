/** The pool in a process of its own: how that ends, and how the pool does once compiled. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import should from 'should'

const root = resolve(__dirname, '../../..')

/** A script that runs two jobs on threads that would stay for a day, and prints what it found. */
const script = (folder: string, extension: string, last = '') => `
  const { workerPool } = require('${folder}/src/kernel/pool/worker-pool${extension}')
  const filename = '${folder}/test/support/pool-worker${extension}'
  const { run } = require(filename)
  const pool = workerPool({ filename, run, size: () => 2, idleTimeout: 1e8 })
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
  const job = { memory, action: 'count', by: 3 }
  pool.run([job, job]).then((results) => {
    console.log(results.reduce((sum, { before }) => sum + before, 0), results.every(({ thread }) => thread > 0))
    ${last}
  })
`

/** A process that hangs is ended, and has no status then. */
function outcomeOf(code: string, options: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, '--eval', code], {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  return { status, stdout: stdout.trim(), stderr }
}

describe('a process with idle worker threads', () => {
  const source = ['--import', 'tsx']

  it('ends by itself', () => {
    should(outcomeOf(script(root, '.ts'), source)).eql({ status: 0, stdout: '3 true', stderr: '' })
  })

  it('waits for jobs that run', () => {
    const code = script(root, '.ts', "pool.run([job]).then(([{ before }]) => console.log('then', before))")
    should(outcomeOf(code, source)).eql({ status: 0, stdout: '3 true\nthen 6', stderr: '' })
  })

  it('goes on after a thread that has used all of its memory, whose job fails', () => {
    const limit = `
      const threads = require('node:worker_threads')
      const { Worker } = threads
      threads.Worker = class extends Worker {
        constructor(file, options) {
          super(file, { ...options, resourceLimits: { maxOldGenerationSizeMb: 32 } })
        }
      }
      require('node:module').syncBuiltinESMExports()
    `
    const code = script(
      root,
      '.ts',
      `pool.run([{ memory, action: 'hoard' }]).catch(({ message }) => {
        console.log(message)
        return pool.run([job])
      }).then(([{ before }]) => console.log('then', before))`,
    )
    const { status, stdout } = outcomeOf(limit + code, source)
    should(stdout.split('\n')).eql([
      '3 true',
      'expected a worker thread to live until its job is done, got Worker terminated due to reaching memory limit: JS heap out of memory',
      'then 7',
    ])
    should(status).equal(0)
  })

  it('does the same from compiled files, without a loader of TypeScript', () => {
    const folder = mkdtempSync(resolve(root, 'node_modules/.pool-'))
    try {
      const compiler = resolve(root, 'node_modules/typescript/bin/tsc')
      const files = ['src/kernel/pool/worker-pool.ts', 'test/support/pool-worker.ts']
      const options =
        '--ignoreConfig --target es2023 --module nodenext --types node --skipLibCheck --rootDir .'
      const { status } = spawnSync(
        process.execPath,
        [compiler, ...options.split(' '), '--outDir', folder, ...files],
        { cwd: root, stdio: 'inherit' },
      )
      should(status).equal(0)
      should(outcomeOf(script(folder, '.js'), [])).eql({ status: 0, stdout: '3 true', stderr: '' })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
