/** The C limit, compiled on the spot when gcc and OpenBLAS are found. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { childSide } from './child'
import type { Side } from './side'

/** Undefined without gcc or OpenBLAS. */
export function limit(): Side | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'rnn-limit-'))
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
  const program = join(directory, 'limit')
  const source = resolve(__dirname, '../limit.c')
  const { status } = spawnSync(
    'gcc',
    ['-O3', '-march=native', '-ffast-math', '-o', program, source, '-lopenblas', '-lm'],
    { stdio: 'ignore' },
  )
  if (status !== 0) return undefined
  return childSide({
    name: 'C limit',
    command: program,
    arguments: [],
    environment: { OPENBLAS_NUM_THREADS: '1' },
  })
}
