/** Which topology and which loss go with a task. */
import type { TaskName } from '../../../src/sequence-source/options'
import type { Topology } from '../../../src/unroll/topology'
import type { Get } from '../common/values'
import { has, taskOf } from './tasks'

/** Of tasks that cannot be told how many targets they have. */
const topologies: Partial<Record<TaskName, Topology>> = {
  adding: 'many-to-one',
  'temporal-order': 'many-to-one',
  'copy-memory': 'many-to-many',
  'delayed-echo': 'many-to-many',
  'embedded-reber': 'many-to-many',
  text: 'many-to-many',
  reverse: 'encoder-decoder',
  waveform: 'one-to-many',
}

/** Of tasks whose targets are no plain numbers; a data set has what it is told. */
const losses: Partial<Record<TaskName, string>> = {
  'temporal-order': 'cross-entropy',
  'copy-memory': 'cross-entropy',
  parity: 'cross-entropy',
  'embedded-reber': 'binary-cross-entropy',
  text: 'cross-entropy',
  reverse: 'cross-entropy',
}

export const topologyOf = (get: Get): Topology =>
  topologies[taskOf(get)] ?? (get('targetsPer') === 'step' ? 'many-to-many' : 'many-to-one')

export const lossOf = (get: Get): string =>
  losses[taskOf(get)] ?? (has(get, 'targetKind') && get('targetKind') === 'class' ? 'cross-entropy' : 'mse')
