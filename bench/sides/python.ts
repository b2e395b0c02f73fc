/** PyTorch and NumPy, when a Python with them is found: $BENCH_PYTHON, python3, /usr/bin/python3. */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { childSide } from './child'
import type { Side } from './side'

const peer = resolve(__dirname, '../python_peer.py')

export interface Python {
  readonly command: string
  /** as the modules say themselves */
  readonly versions: string
}

/** The first Python that has the module. */
export function pythonWith(module: 'torch' | 'numpy'): Python | undefined {
  for (const command of [process.env.BENCH_PYTHON, 'python3', '/usr/bin/python3']) {
    if (!command) continue
    const { status, stdout } = spawnSync(
      command,
      [
        '-c',
        `import platform, ${module}; print('Python', platform.python_version(), '${module}', ${module}.__version__)`,
      ],
      { encoding: 'utf8' },
    )
    if (status === 0) return { command, versions: stdout.trim() }
  }
  return undefined
}

const threads = (count: number) => ({
  OMP_NUM_THREADS: String(count),
  OPENBLAS_NUM_THREADS: String(count),
  MKL_NUM_THREADS: String(count),
})

export const pytorch = ({ command }: Python, count: number): Side =>
  childSide({
    name: count === 1 ? 'PyTorch' : `PyTorch ${count} threads`,
    command,
    arguments: [peer, 'pytorch', String(count)],
    environment: threads(count),
  })

export const numpy = ({ command }: Python): Side =>
  childSide({ name: 'NumPy', command, arguments: [peer, 'numpy', '1'], environment: threads(1) })
