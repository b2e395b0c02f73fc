/** What is needed beside the compiled files: of a node its dialog, texts, icon; the kernel. */
import { cpSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { buildKernel, kernelFiles, kernelIsCurrent } from './kernel'

export const root = resolve(__dirname, '..')

/** Copies the kernel and everything of `nodes/` that is not compiled into `dist/`. */
export function copyAssets(): void {
  cpSync(resolve(root, 'nodes'), resolve(root, 'dist/nodes'), {
    recursive: true,
    filter: (from) => extname(from) !== '.ts',
  })
  if (!kernelIsCurrent()) buildKernel()
  for (const name of kernelFiles) cpSync(resolve(root, name), resolve(root, 'dist', name))
}
