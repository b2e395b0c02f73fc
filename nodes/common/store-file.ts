/**
 * Whether Node-RED's store of files comes after. It takes every value into memory and says that all is well; that a disk
 * is full or read-only only its log tells. Here the file is looked at: it has to change after something was kept.
 */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Node, NodeAPI } from 'node-red'

export interface StoreFile {
  readonly path: string
  /** milliseconds after which it has to have changed */
  readonly patience: number
  /** what changes with every write; the same as long as there is no file */
  stamp(): Promise<string>
}

/** Beyond the interval in which the store writes. */
const usualPatience = 5000

interface StoreSettings {
  readonly module?: unknown
  readonly config?: { dir?: string; base?: string; cache?: boolean; flushInterval?: number }
}

/** Undefined for a store that keeps nothing in files, or tells of its errors itself. */
export function storeFile(
  { settings }: NodeAPI,
  node: Node,
  store: string | undefined,
): StoreFile | undefined {
  const { contextStorage = {}, userDir } = settings as unknown as {
    contextStorage?: Record<string, StoreSettings | string>
    userDir?: string
  }
  const named = contextStorage[store || 'default'] ?? Object.values(contextStorage)[0]
  const of = typeof named === 'string' ? contextStorage[named] : named
  if (typeof of !== 'object' || of.module !== 'localfilesystem') return undefined
  const { dir = userDir, base = 'context', cache = true, flushInterval = 30 } = of.config ?? {}
  if (!cache || !dir || !node.z) return undefined
  const path = join(dir, base, node.z, 'flow.json')
  return {
    path,
    patience: 1000 * flushInterval + usualPatience,
    stamp: () =>
      stat(path).then(
        ({ ino, mtimeMs }) => `${ino} ${mtimeMs}`,
        () => '',
      ),
  }
}
