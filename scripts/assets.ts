/** What a node needs beside its compiled file: dialog, texts, icon. */
import { cpSync } from 'node:fs'
import { extname, resolve } from 'node:path'

export const root = resolve(__dirname, '..')

/** Copies everything of `nodes/` that is not compiled into `dist/nodes/`. */
export function copyAssets(): void {
  cpSync(resolve(root, 'nodes'), resolve(root, 'dist/nodes'), {
    recursive: true,
    filter: (from) => extname(from) !== '.ts',
  })
}
