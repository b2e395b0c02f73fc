/** A Node-RED user directory that holds this package, as `npm install <folder>` would put it there. */
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { root } from './assets'

/** @param installed where the package lies, if it is not this one */
export function prepareUserDirectory(directory: string, installed = root): void {
  const link = resolve(directory, 'node_modules/@unrolled/node-red-rnn')
  mkdirSync(dirname(link), { recursive: true })
  rmSync(link, { recursive: true, force: true })
  symlinkSync(installed, link, 'junction')
}

/** Puts a flow in place. What a person has deployed since then stays; `flows.json` as it was put there does not. */
export function placeFlow(directory: string, example: string): void {
  const flows = resolve(directory, 'flows.json')
  const placed = resolve(directory, 'flows.placed.json')
  const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined)
  if (read(flows) !== read(placed)) return
  const flow = readFileSync(example)
  writeFileSync(flows, flow)
  writeFileSync(placed, flow)
}
