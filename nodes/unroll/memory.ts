/** All that unroll remembers from message to message, and the file that a keeper keeps of it. */
import {
  type AnomalyState,
  type CellState,
  describe,
  ExpectedError,
  type SafetensorsFile,
  sizeOf,
  type Tensor,
} from '../../src'
import type { Foretold } from './foretold'
import type { StateStore } from './state-store'

export interface Memory {
  /** of what comes by itself */
  readonly states: StateStore
  /** of windows: where those of the latest batch of a stream have ended */
  readonly ended: StateStore
  readonly predicted: Foretold
  /** of the last target, where steps are fed: a prediction without a target goes on for as long */
  stepsSeen?: number
}

const stores = ['states', 'ended'] as const

/** A row of a tensor in the file: states of one form lie one behind the other. */
type Row = readonly [store: string, topic: string, phase: string, form: string, tensor: string, row: number]

/** What is known of a topic: its detector, and [step, prediction] of what is still to come. */
export type KnownTopic = readonly [topic: string, AnomalyState, (readonly [number, readonly number[]])[]]

export function memoryToFile({ states, ended, predicted, stepsSeen }: Memory): SafetensorsFile {
  const rows: Row[] = []
  const parts = new Map<string, Tensor[]>()
  const add = (name: string, part: Tensor) => {
    const all = parts.get(name) ?? []
    parts.set(name, all)
    return all.push(part) - 1
  }
  for (const store of stores)
    for (const { topic, phase, form, state } of (store === 'states' ? states : ended).entries()) {
      const { h, c } = 'h' in state ? state : { h: state, c: undefined }
      const name = `${c ? 'lstm' : 'h'} ${h.dtype} ${h.shape.join(' ')}`
      rows.push([store, topic, phase, form, name, add(`${name}.h`, h)])
      if (c) add(`${name}.c`, c)
    }
  return {
    tensors: new Map([...parts].map(([name, all]) => [name, stacked(all)])),
    metadata: {
      mode: states.mode,
      rows: JSON.stringify(rows),
      topics: JSON.stringify(predicted.entries()),
      ...(stepsSeen !== undefined && { stepsSeen: String(stepsSeen) }),
    },
  }
}

/**
 * @param memory is filled; with states only if those of the file are for the same ones
 * @returns whether all of it has found its place: 'other' if its states are for others, 'fewer' if it has more of them than
 *   are remembered now
 * @throws ExpectedError for what is no such file
 */
export function memoryFromFile(
  { tensors, metadata }: SafetensorsFile,
  memory: Memory,
): 'all' | 'other' | 'fewer' {
  const rows = JSON.parse(metadata.rows) as Row[]
  const found = rows.map(([store, topic, phase, form, name, row]) => {
    const [h, c] = ['h', 'c'].map((part) => tensors.get(`${name}.${part}`))
    if (!h || ![topic, phase, form].every((word) => typeof word === 'string'))
      throw new ExpectedError('states by topic, phase and form', describe(name))
    const state: CellState = c ? { h: rowOf(h, row), c: rowOf(c, row) } : rowOf(h, row)
    return { store, topic, phase, form, state }
  })
  memory.predicted.restore(JSON.parse(metadata.topics) as KnownTopic[])
  const { stepsSeen } = metadata
  if (stepsSeen !== undefined) memory.stepsSeen = Number(stepsSeen)
  const isOther = metadata.mode !== memory.states.mode
  let isFull = false
  for (const { store, state, ...place } of found) {
    if (store !== 'states') memory.ended.write(place, state)
    else if (!isOther) isFull = memory.states.write(place, state) || isFull
  }
  if (isOther && found.some(({ store }) => store === 'states')) return 'other'
  return isFull ? 'fewer' : 'all'
}

function stacked(parts: readonly Tensor[]): Tensor {
  const [{ dtype, shape }] = parts
  const size = sizeOf(shape)
  const data = new (dtype === 'float32' ? Float32Array : Float64Array)(parts.length * size)
  for (const [row, part] of parts.entries()) data.set(part.data, row * size)
  return { dtype, shape: [parts.length, ...shape], data }
}

function rowOf({ dtype, shape: [count, ...shape], data }: Tensor, row: number): Tensor {
  if (!(Number.isInteger(row) && row >= 0 && row < count))
    throw new ExpectedError(`a row below ${count}`, describe(row))
  const size = sizeOf(shape)
  return { dtype, shape, data: data.slice(row * size, (row + 1) * size) }
}
