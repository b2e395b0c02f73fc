/** Where a data file lies: in Node-RED's working directory, or among the data this package ships. */
import { existsSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import type { NodeAPI } from 'node-red'

/** The examples of this package; its root is the nearest folder upwards with a package.json. */
function examplesFolder(): string {
  let folder = __dirname
  while (!existsSync(resolve(folder, 'package.json'))) folder = dirname(folder)
  return resolve(folder, 'examples')
}

/** A relative name is looked for as the core file nodes do, then in this package's `examples` folder. */
export function findDataFile(RED: NodeAPI, name: string): string {
  if (isAbsolute(name)) return name
  const { fileWorkingDirectory } = RED.settings as { fileWorkingDirectory?: string }
  const own = resolve(fileWorkingDirectory ?? process.cwd(), name)
  const shipped = resolve(examplesFolder(), name)
  return !existsSync(own) && existsSync(shipped) ? shipped : own
}
