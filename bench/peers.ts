/** The packages that ours is measured against: in bench/package.json, installed on first use, never with ours. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

export function installPeers(): void {
  if (existsSync(resolve(__dirname, 'node_modules/.package-lock.json'))) return
  console.error('First use: installing what to measure against into bench/node_modules.')
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: __dirname,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
}
