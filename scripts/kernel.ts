/**
 * Compiles src/kernel/assembly into src/kernel: kernel-relaxed.wasm for machines with relaxed SIMD, which multiplies and
 * adds in one, and kernel.wasm for the others. The memory comes from outside and is shared.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(__dirname, '..')
const sources = resolve(root, 'src/kernel/assembly')
const builds = { 'kernel.wasm': [], 'kernel-relaxed.wasm': ['--enable', 'relaxed-simd'] }

/** where the builds lie, from the root of the repository */
export const kernelFiles = Object.keys(builds).map((name) => `src/kernel/${name}`)

/**
 * More than --optimizeLevel 1 costs a quarter of the speed: values stay in too many registers for too long. The passes
 * after it take out the branches on arguments that are constant where a function is inlined: left in, they cost as much.
 */
const options = [
  ['--optimizeLevel', '1', '--shrinkLevel', '0', '--noAssert'],
  ['--runPasses', 'precompute-propagate,remove-unused-brs,vacuum'],
  ['--runtime', 'stub', '--use', 'abort=', '--disableWarning', '112'],
  ['--enable', 'simd', '--enable', 'threads'],
  ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
].flat()

/** Each file is written beside its place and moved there, so that a process that reads it never sees half of it. */
export function buildKernel(): void {
  for (const [name, extra] of Object.entries(builds)) {
    const target = resolve(root, 'src/kernel', name)
    const written = `${target}.${process.pid}`
    const compiler = resolve(root, 'node_modules/assemblyscript/bin/asc.js')
    const entry = resolve(sources, 'index.ts')
    const args = [compiler, entry, '--outFile', written, ...options, ...extra]
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
    if (status !== 0) {
      rmSync(written, { force: true })
      throw new Error(`${name} was not compiled`)
    }
    renameSync(written, target)
  }
}

/** Whether every build is there and younger than every source. */
export function kernelIsCurrent(): boolean {
  const targets = kernelFiles.map((name) => resolve(root, name))
  if (!targets.every(existsSync)) return false
  const changed = [__filename, ...readdirSync(sources).map((name) => resolve(sources, name))]
  const time = (path: string) => statSync(path).mtimeMs
  return Math.min(...targets.map(time)) > Math.max(...changed.map(time))
}
