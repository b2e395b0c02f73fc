/** A run of a gated cell forward and back, as the tests of the LSTM and of the GRU draw and compare it. */
import fc from 'fast-check'
import should from 'should'
import { drawn, relativeError, type Side } from '../../support/kernel-sides'

export interface Run {
  readonly steps: number
  readonly batch: number
  readonly size: number
  readonly activation: number
  readonly gateActivation: number
  readonly clip: number
  /** a sequence's state stays where this says so */
  readonly absent: boolean
  /** the blocks of the steps lie in the other order in memory */
  readonly reversed: boolean
  /** numbers between two steps' blocks */
  readonly gap: number
  /** ∂L/∂h comes in at every step, at every third, at none */
  readonly external: 'all' | 'some' | 'none'
  readonly keepLast: number
  /** the exponent of what is carried in */
  readonly exponent: number
  /** of W */
  readonly spread: number
  /** of the gradient that comes in */
  readonly loss: number
  readonly seed: number
}

export const runs: fc.Arbitrary<Run> = fc.record({
  steps: fc.integer({ min: 1, max: 6 }),
  batch: fc.integer({ min: 1, max: 7 }),
  size: fc.integer({ min: 1, max: 21 }),
  activation: fc.oneof(
    { weight: 3, arbitrary: fc.constant(1) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 3 }) },
  ),
  gateActivation: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constant(1) },
  ),
  clip: fc.oneof(
    { weight: 3, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
    { weight: 1, arbitrary: fc.constantFrom(0.3, 1.7) },
  ),
  absent: fc.boolean(),
  reversed: fc.boolean(),
  gap: fc.integer({ min: 0, max: 5 }),
  external: fc.constantFrom('all', 'some', 'none'),
  keepLast: fc.constantFrom(0, 1),
  exponent: fc.constantFrom(0, 0, -7),
  spread: fc.constant(1),
  loss: fc.constantFrom(1, 1, 2 ** -70),
  seed: fc.nat(),
})

export const usualRun: Run = {
  steps: 20,
  batch: 19,
  size: 37,
  activation: 1,
  gateActivation: 0,
  clip: Number.POSITIVE_INFINITY,
  absent: false,
  reversed: false,
  gap: 0,
  external: 'all',
  keepLast: 1,
  exponent: 0,
  spread: 0.3,
  loss: 1,
  seed: 5,
}

/** Under a small W nothing comes in from outside any more. */
export const vanishingRun: Run = { ...usualRun, steps: 60, batch: 3, size: 6, external: 'none', spread: 1e-3 }

/** On its way through W, or as it comes in. */
export const explodingRuns: readonly Run[] = [
  { ...usualRun, activation: 0, spread: 1e200 },
  { ...usualRun, steps: 1, keepLast: 0, loss: 1e200 },
]

/** Where a stretch of steps lies: a block for each, at its pointer. */
export interface Blocks {
  /** the pointer of the first and of the last step in the order of the way forward */
  readonly first: number
  readonly last: number
  /** on the way forward, in numbers; the way back has the negative of it */
  readonly stride: number
  /** every block, the first step's first */
  read(): number[][]
}

/** @param values of every step, or how many numbers there are, all 0 */
export function blocks(
  side: Side,
  run: Run,
  steps: number,
  count: number,
  values?: ArrayLike<number>,
): Blocks {
  const stride = count + run.gap
  const places = Array.from({ length: steps }, (_, step) => (run.reversed ? steps - 1 - step : step) * stride)
  const all = new Float64Array(steps * stride)
  places.forEach((place, step) => {
    for (let index = 0; values && index < count; index++) all[place + index] = values[step * count + index]
  })
  const pointer = side.floats(all)
  return {
    first: pointer + places[0] * side.width,
    last: pointer + places[steps - 1] * side.width,
    stride: run.reversed ? -stride : stride,
    read: () => {
      const now = side.read(pointer, all.length)
      return places.map((place) => [...now.subarray(place, place + count)])
    },
  }
}

/** Numbers with a seed of their own in each run. */
export const numbersOf = ({ seed }: Run, name: string, count: number, spread = 1): Float32Array =>
  drawn(count, seed + 7919 * [...name].reduce((sum, letter) => 31 * sum + letter.charCodeAt(0), 0)).map(
    (value) => spread * value,
  )

/** One byte a sequence and step; the steps lie as those of the blocks do. 0 for none. */
export function presence(side: Side, run: Run): { first: number; last: number; stride: number } {
  if (!run.absent) return { first: 0, last: 0, stride: 0 }
  const { steps, batch, reversed } = run
  const bits = numbersOf(run, 'present', steps * batch).map((value) => (value > -0.3 ? 1 : 0))
  const pointer = side.bytes(bits)
  const end = pointer + (steps - 1) * batch
  return reversed
    ? { first: end, last: pointer, stride: -batch }
    : { first: pointer, last: end, stride: batch }
}

/** ∂L/∂h of each step, or none. */
export function externalOf(side: Side, run: Run): Pick<Blocks, 'last' | 'stride'> {
  const { steps, batch, size, external } = run
  if (external === 'none') return { last: 0, stride: 0 }
  const count = batch * size
  const values = numbersOf(run, 'external', steps * count, run.loss).map((value, index) =>
    external === 'all' || Math.floor(index / count) % 3 === 2 ? value : 0,
  )
  return blocks(side, run, steps, count, values)
}

/** What is said of the way back besides its blocks. */
export interface Way {
  readonly norms: number
  readonly exponents: number
  readonly carried: number
  readonly carriedCell: number
}

export function wayBack(side: Side, run: Run): Way {
  const { steps, batch, size, exponent } = run
  return {
    norms: side.doubles(new Float64Array(2 * steps)),
    exponents: side.integers([exponent, ...new Array<number>(steps).fill(0)]),
    carried: side.floats(numbersOf(run, 'carried', batch * size, run.loss)),
    carriedCell: side.floats(numbersOf(run, 'carriedCell', batch * size, run.loss)),
  }
}

/** What the way back left behind, at its true size. */
export function resultsOf(
  side: Side,
  run: Run,
  way: Way,
  deltas: Readonly<Record<string, Blocks>>,
  hasCell: boolean,
): Record<string, number[]> {
  const { steps, batch, size, keepLast } = run
  const exponents = side.readIntegers(way.exponents, steps + 1)
  const norms = side.readDoubles(way.norms, 2 * steps)
  const results: Record<string, number[]> = {}
  for (const [name, of] of Object.entries(deltas))
    results[name] = of
      .read()
      .reverse()
      .flatMap((block, step) => block.map((value) => value * 2 ** exponents[step]))
  const roots = [...norms].map((norm, index) => Math.sqrt(norm) * 2 ** exponents[index >> 1])
  results.norms = roots.filter((_, index) => index % 2 === 0)
  results.normsCarriedOn = roots.filter((_, index) => index % 2 === 1)
  const carried = (pointer: number) =>
    [...side.read(pointer, batch * size)].map((value) => value * 2 ** exponents[steps])
  if (keepLast) {
    results.carried = carried(way.carried)
    if (hasCell) results.carriedCell = carried(way.carriedCell)
  }
  return results
}

/** Every tensor for itself: norm of the difference over norm. */
export function shouldAgree(
  [got, right]: readonly [Record<string, number[]>, Record<string, number[]>],
  most: number,
): void {
  should(Object.keys(got)).eql(Object.keys(right))
  for (const [name, values] of Object.entries(right))
    should(relativeError(got[name], values)).be.below(most, name)
}
