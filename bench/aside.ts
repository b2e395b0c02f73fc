/**
 * How long steps that are taken one by one hold the event loop up: on it, and beside it, where the copies for the thread
 * and the result are what is left. Both sides in one process, one after the other, in several rounds.
 */
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type BpttOptions,
  bpttGradient,
  bpttGradientAsync,
  rnnCell,
  tensor,
  type UnrollOptions,
  unroll,
  unrollAsync,
} from '../src'
import { median } from './statistics'
import { duration, ratio, table } from './table'

const rounds = 5
const [batch, steps] = [32, 500]
const cell = rnnCell({ type: 'lstm', inputSize: 4, hiddenSize: 64, outputSize: 1 })
const wave = (size: number) =>
  tensor(
    'float32',
    [batch, steps, size],
    Float32Array.from({ length: batch * steps * size }, (_, index) => Math.sin(index)),
  )

const cases: readonly (readonly [name: string, UnrollOptions, BpttOptions])[] = [
  ['truncation, k1 = k2 = 50', {}, { k1: 50 }],
  ['checkpoints', { checkpoint: true }, {}],
  ['credit, cap 16', {}, { credit: { cap: 16 } }],
]

/** The longest time for which nothing else had its turn. */
async function longestHold(work: () => unknown): Promise<number> {
  let longest = 0
  let last = performance.now()
  let isOver = false
  const look = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (!isOver) setImmediate(look)
  }
  setImmediate(look)
  await pause(5)
  await work()
  await pause(5)
  isOver = true
  return longest
}

export async function measureAside(): Promise<void> {
  const [inputs, targets] = [wave(4), wave(1)]
  const rows: string[][] = []
  for (const [name, more, options] of cases) {
    const forward = { topology: 'many-to-many', ...more } as const
    const held = { on: [] as number[], beside: [] as number[] }
    for (let round = 0; round <= rounds; round++) {
      const on = await longestHold(() => bpttGradient(unroll(cell, inputs, forward), targets, options))
      const beside = await longestHold(async () =>
        bpttGradientAsync(await unrollAsync(cell, inputs, forward), targets, options),
      )
      // the first round starts the thread, and compiles
      if (round === 0) continue
      held.on.push(on)
      held.beside.push(beside)
    }
    const [on, beside] = [median(held.on), median(held.beside)]
    rows.push([name, duration(on), duration(beside), ratio(on / beside)])
  }
  console.log(
    `LSTM ${cell.sizes.hiddenSize}, B = ${batch}, T = ${steps}; longest hold of the event loop by a batch, median of ${rounds}:`,
  )
  console.log(table(['step by step', 'on it', 'beside it', 'shorter by'], rows))
}
