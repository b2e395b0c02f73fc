/** When everything was built last, and whether that was after the last change. */
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(__dirname, '..')
const stamp = resolve(root, 'dist/built')
const sources = [
  'src',
  'nodes',
  'editor',
  'scripts',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
]

export const stampBuild = (): void => writeFileSync(stamp, '')

export function isBuilt(): boolean {
  if (!existsSync(stamp)) return false
  const time = (path: string) => statSync(path).mtimeMs
  const built = time(stamp)
  return sources
    .map((name) => resolve(root, name))
    .flatMap((path) =>
      statSync(path).isDirectory()
        ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => resolve(path, name))
        : [path],
    )
    .filter((path) => !path.endsWith('.wasm'))
    .every((path) => time(path) < built)
}
