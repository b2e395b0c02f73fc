/** A data file: in Node-RED's working directory, or among the data this package ships. */
import { existsSync } from 'node:fs'
import { constants, open, stat } from 'node:fs/promises'
import { dirname, isAbsolute, resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { NodeAPI } from 'node-red'
import { checkSize, ExpectedError, limitOf } from '../../src'

/** The examples of this package; its root is the nearest folder upwards with a package.json. */
function examplesFolder(): string {
  let folder = __dirname
  while (!existsSync(resolve(folder, 'package.json'))) folder = dirname(folder)
  return resolve(folder, 'examples')
}

/** A relative name is looked for as the core file nodes do, then in this package's `examples` folder. */
function findDataFile(RED: NodeAPI, name: string): string {
  if (isAbsolute(name)) return name
  const { fileWorkingDirectory } = RED.settings as { fileWorkingDirectory?: string }
  const own = resolve(fileWorkingDirectory ?? process.cwd(), name)
  const shipped = resolve(examplesFolder(), name)
  return !existsSync(own) && existsSync(shipped) ? shipped : own
}

/**
 * The text of a file in UTF-8, without a byte order mark.
 *
 * @throws ExpectedError if it cannot be read, is too large, or of a kind that has no end
 */
export async function readDataFile(RED: NodeAPI, name: string): Promise<string> {
  try {
    await refuseLarge(RED, name)
    const text = (await readWithin(findDataFile(RED, name))).toString('utf8')
    return text.replace(/^\uFEFF/, '')
  } catch (error) {
    if (error instanceof ExpectedError) throw error
    throw new ExpectedError(
      'a file that can be read, in the working directory or among the examples of the package',
      (error as Error).message,
    )
  }
}

/**
 * Looks before anything is opened: to open a pipe may take for ever. One that is not there `readDataFile` will tell of.
 *
 * @param most for whoever cannot wait for a large one
 * @throws ExpectedError if the file has more bytes, or is of a kind that has no size
 */
export async function refuseLarge(RED: NodeAPI, name: string, most?: number): Promise<void> {
  const about = await stat(findDataFile(RED, name)).catch(() => undefined)
  if (!about) return
  if (!about.isFile()) throw new ExpectedError('a plain file', name)
  if (most !== undefined && about.size > most)
    throw new ExpectedError(`a file of at most ${most} bytes`, `${about.size} bytes`)
  checkFile(about.size)
}

const checkFile = (bytes: number) => checkSize('maxFileSize', bytes, 'bytes in a file')

/** All of a file, or an error once there is more of it than its size has said. */
async function readWithin(path: string): Promise<Buffer> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const bytes = await buffer(handle.createReadStream({ end: limitOf('maxFileSize') }))
  checkFile(bytes.length)
  return bytes
}
