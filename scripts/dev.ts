/** `npm run dev`: compiles and bundles on every change; Node-RED restarts when its half has changed. */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { root } from './assets'
import { watchEditor } from './editor'

watchEditor()
const compiler = resolve(root, 'node_modules/.bin/tsc-watch')
const args = ['-p', 'tsconfig.build.json', '--onSuccess', 'tsx scripts/start.ts']
const watching = spawn(compiler, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
watching.on('exit', (code) => process.exit(code ?? 0))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => watching.kill(signal))
