/** Compiles src/ and nodes/ into dist/ and bundles editor/ into resources/, from scratch, if anything has changed. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { copyAssets, root } from './assets'
import { isBuilt, stampBuild } from './build-stamp'
import { buildEditor } from './editor'

if (isBuilt()) process.exit(0)
rmSync(resolve(root, 'dist'), { recursive: true, force: true })
const compiler = resolve(root, 'node_modules/typescript/bin/tsc')
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
if (status !== 0) process.exit(status ?? 1)
copyAssets()
buildEditor()
stampBuild()
