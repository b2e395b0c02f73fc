/** The sequence kernels of the vanilla cell against the plain kernel in float64: forward, and back over what that left. */
import fc from 'fast-check'
import should from 'should'
import { scratchCount } from '../../../src/kernel/kernel'
import { drawn, kernelKinds, onBothSides, relativeError, type Side } from '../../support/kernel-sides'

interface Run {
  readonly steps: number
  readonly batch: number
  readonly size: number
  readonly activation: number
  readonly clip: number
  /** which sequences are there: all, or drawn */
  readonly present: boolean
  /** h_t takes the place of U x_t + b */
  readonly inPlace: boolean
  /** time runs down through the memory */
  readonly reversed: boolean
  /** numbers between two steps that belong to nobody */
  readonly gap: number
  readonly external: boolean
  readonly exponent: number
  readonly keepLast: boolean
  /** of W */
  readonly scale: number
  /** of what is carried in */
  readonly carriedScale: number
  readonly seed: number
}

const runs: fc.Arbitrary<Run> = fc.record({
  steps: fc.integer({ min: 1, max: 6 }),
  batch: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 5, max: 70 })),
  size: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 13, max: 70 })),
  activation: fc.integer({ min: 0, max: 3 }),
  clip: fc.constantFrom(Number.POSITIVE_INFINITY, 0.5),
  present: fc.boolean(),
  inPlace: fc.boolean(),
  reversed: fc.boolean(),
  gap: fc.nat({ max: 5 }),
  external: fc.boolean(),
  exponent: fc.constantFrom(0, -7),
  keepLast: fc.boolean(),
  scale: fc.constant(1),
  carriedScale: fc.constantFrom(1, 1e-22),
  seed: fc.nat(),
})

/** Blocks of all steps in one array, in the order of time or the other way round. */
function blocks(side: Side, run: Run, count: number, values: ArrayLike<number>) {
  const { reversed, batch, size, gap } = run
  const stride = batch * size + gap
  const pointer = side.floats(values)
  const first = reversed ? pointer + (count - 1) * stride * side.width : pointer
  const own = reversed ? -stride : stride
  return {
    stride: own,
    /** pointer to the block of a step */
    at: (step: number) => first + step * own * side.width,
    all: () => side.read(pointer, values.length),
    block: (step: number) => side.read(first + step * own * side.width, batch * size),
  }
}

const lengthOf = ({ batch, size, gap }: Run, count: number) => count * (batch * size + gap)

function weights({ size, scale, seed }: Run): Float32Array {
  return drawn(size * size, seed).map((value) => (value * scale * 2) / Math.sqrt(size))
}

/** @param external of step `steps` first */
function bothWays(run: Run, external?: (step: number) => Float32Array) {
  const { steps, batch, size, activation, clip, seed } = run
  return (side: Side) => {
    const { kernel } = side
    const w = side.floats(weights(run))
    const scratch = side.floats(new Float32Array(scratchCount(batch, size, size)))
    const here = drawn(steps * batch, seed + 1).map((value) => (value > -0.4 ? 1 : 0))
    const bytes = side.bytes(here)
    const hidden = blocks(side, run, steps + 1, drawn(lengthOf(run, steps + 1), seed + 2))
    const inputs = blocks(side, run, steps, drawn(lengthOf(run, steps), seed + 3))
    const a = run.inPlace ? { stride: hidden.stride, at: () => hidden.at(1) } : inputs
    kernel.rnnForward(
      ...[steps, batch, size, w, a.at(0), a.stride, hidden.at(0), hidden.stride, activation, clip],
      ...([run.present ? bytes : 0, batch, scratch] as const),
    )
    const count = batch * size
    const drawnExternal = (step: number) => drawn(count, seed + 10 + step)
    const outside = Float32Array.from({ length: lengthOf(run, steps) })
    for (let step = 1; step <= steps; step++) {
      const place = run.reversed ? steps - step : step - 1
      outside.set((external ?? drawnExternal)(step), place * (count + run.gap))
    }
    const given = blocks(side, run, steps, outside)
    const delta = blocks(side, run, steps, new Float32Array(outside.length).fill(7))
    const carried = side.floats(drawn(count, seed + 4).map((value) => value * run.carriedScale))
    const norms = side.doubles(new Float64Array(2 * steps).fill(7))
    const exponents = side.integers([run.exponent, ...Array(steps).fill(7)])
    const left = kernel.rnnBackward(
      ...[steps, batch, size, w, hidden.at(steps), -hidden.stride, activation, clip],
      ...([run.external ? given.at(steps - 1) : 0, -given.stride] as const),
      ...([delta.at(steps - 1), -delta.stride, carried, norms, exponents] as const),
      ...([run.present ? bytes + (steps - 1) * batch : 0, -batch, run.keepLast ? 1 : 0, scratch] as const),
    )
    const powers = side.readIntegers(exponents, steps + 1)
    const own = [...powers].map((exponent) => 2 ** exponent)
    const deltas = Array.from({ length: steps }, (_, step) => delta.block(steps - 1 - step))
    return {
      left,
      hidden: hidden.all(),
      delta: deltas.flatMap((values, step) => [...values].map((value) => value * own[step])),
      /** what lies between the blocks of δ */
      between: delta.all().filter((_, index) => index % (count + run.gap) >= count),
      carried: run.keepLast ? [...side.read(carried, count)].map((value) => value * own[steps]) : [0],
      squares: side
        .readDoubles(norms, 2 * steps)
        .map((square, index) => square * own[index >> 1] * own[index >> 1]),
      /** under their exponents, in the order of the way back */
      ...{ deltas, norms: side.readDoubles(norms, 2 * steps), exponents: powers },
    }
  }
}

const plain: Run = {
  steps: 300,
  batch: 3,
  size: 5,
  activation: 1,
  clip: Number.POSITIVE_INFINITY,
  present: false,
  inPlace: true,
  reversed: false,
  gap: 0,
  external: true,
  exponent: 0,
  keepLast: true,
  scale: 1,
  carriedScale: 1,
  seed: 5,
}

for (const [dtype, build] of kernelKinds) {
  const tolerance = dtype === 'float32' ? 3e-6 : 1e-13

  describe(`rnnForward and rnnBackward (${dtype}, ${build})`, () => {
    it('do what the plain kernel does, whatever the shape, the strides and what there is of inputs', () => {
      fc.assert(
        fc.property(runs, (run) => {
          const [got, right] = onBothSides(dtype, build, bothWays(run))
          should(got.left).equal(0)
          should(right.left).equal(0)
          should([...got.between]).eql([...right.between])
          for (const name of ['hidden', 'delta', 'carried', 'squares'] as const)
            should(relativeError(got[name], right[name])).be.below(tolerance, name)
        }),
        { numRuns: 200 },
      )
    })

    it('stay within 5e-7 of float64 over a long sequence, per step', () => {
      const run = { ...plain, steps: 100, size: 64, batch: 8, scale: 0.4 }
      const [got, right] = onBothSides(dtype, build, bothWays(run))
      for (let step = 0; step < run.steps; step++)
        should(relativeError(got.deltas[step], right.deltas[step])).be.below(
          dtype === 'float32' ? 5e-7 : 1e-14,
        )
    })

    it('carry a vanishing gradient on exactly, and bring it to its size where a loss meets it', () => {
      const steps = 300
      const met = 120
      const zero = new Float32Array(15)
      const external = (step: number) => (step === steps || step === met ? drawn(15, step) : zero)
      for (const scale of [1e-2, 1e-6, 1e-22]) {
        const run = { ...plain, steps, scale }
        const [got, right] = onBothSides(dtype, build, bothWays(run, external))
        should(got.left).equal(0)
        const logOf = ({ norms, exponents }: typeof got, step: number, kind: number) =>
          Math.log(norms[2 * step + kind]) / 2 + exponents[step] * Math.LN2
        should(got.exponents[steps - met - 1]).be.below(-400)
        should(got.exponents[steps - met]).equal(0)
        for (let step = 0; step < steps; step++) {
          for (const kind of [0, 1])
            should(logOf(got, step, kind)).be.approximately(logOf(right, step, kind), 100 * tolerance)
          const factor = 2 ** (right.exponents[step] - got.exponents[step])
          const scaled = right.deltas[step].map((value) => value * factor)
          should(relativeError(got.deltas[step], scaled)).be.below(100 * tolerance)
        }
      }
    })

    it('tell a gradient that leaves the range', () => {
      const explodes = { ...plain, activation: 0, steps: 200, scale: 1e3, external: false }
      const [got] = onBothSides(dtype, build, bothWays({ ...explodes, inPlace: false }))
      should(got.left).equal(1)
      const bad = () => new Float32Array(15).fill(Number.NaN, 14)
      const [nan] = onBothSides(dtype, build, bothWays({ ...plain, steps: 2 }, bad))
      should(nan.left).equal(1)
      const last = { ...plain, activation: 0, steps: 1, external: false, scale: 1e30 }
      const [carried] = onBothSides(dtype, build, bothWays(last))
      should(carried.left).equal(dtype === 'float32' ? 1 : 0)
      const [nobodyAsks] = onBothSides(dtype, build, bothWays({ ...last, keepLast: false }))
      should(nobodyAsks.left).equal(0)
      should([...nobodyAsks.norms.slice(1)]).eql([0])
    })
  })
}
