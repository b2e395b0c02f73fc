/**
 * Configurations that an earlier version saved, as they are saved now. Of each node `configVersion` counts the forms: the
 * first is that of 0.1.0, where none was written. The runtime migrates what it reads, a dialog what it opens.
 */
import type { Migration, Saved } from './saved'
import { watchSeven } from './watch-seven'

/** Of each node its steps, the earliest first. A field that was added and means, where it is missing, what it did before needs none. */
const migrations: Readonly<Record<string, readonly Migration[]>> = {
  'sequence-source': [],
  'rnn-cell': [],
  unroll: [],
  'bptt-gradient': [watchSeven],
  'clip-gradient': [],
  optimizer: [],
}

const stepsOf = (type: string): readonly Migration[] => migrations[type] ?? []

/** The form that is saved now. */
export const currentVersion = (type: string): number => stepsOf(type).length + 1

/** The form of a configuration; NaN if it says none that there can be. */
export function versionOf({ configVersion = 1 }: Saved): number {
  const isVersion = Number.isSafeInteger(configVersion) && Number(configVersion) >= 1
  return isVersion ? Number(configVersion) : Number.NaN
}

/** Whether this version of the package knows the form. */
export const isKnown = (type: string, config: Saved): boolean => versionOf(config) <= currentVersion(type)

/** What is of a form that is not known stays as it is. */
export function migrate(type: string, config: Saved): Saved {
  if (!isKnown(type, config)) return config
  const steps = stepsOf(type).slice(versionOf(config) - 1)
  return { ...steps.reduce((form, step) => step(form), config), configVersion: currentVersion(type) }
}
