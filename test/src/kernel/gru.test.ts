/** The GRU, in both its forms, forward and back against the plain kernel in float64, tensor by tensor. */
import fc from 'fast-check'
import should from 'should'
import { scratchCount } from '../../../src/kernel/kernel'
import { kernelKinds, onBothSides, type Side } from '../../support/kernel-sides'
import {
  blocks,
  explodingRuns,
  externalOf,
  numbersOf,
  presence,
  type Run,
  resultsOf,
  runs,
  shouldAgree,
  usualRun,
  vanishingRun,
  wayBack,
} from './gated'

interface GruRun extends Run {
  readonly resetAfter: boolean
}
const gruRuns = fc.tuple(runs, fc.boolean()).map(([run, resetAfter]): GruRun => ({ ...run, resetAfter }))

/** @returns every tensor of the way forward and back */
const both =
  (run: GruRun) =>
  (side: Side): Record<string, number[]> => {
    const { steps, batch, size, activation, gateActivation, clip, keepLast } = run
    const resetAfter = run.resetAfter ? 1 : 0
    const count = batch * size
    const w = side.floats(numbersOf(run, 'w', 3 * size * size, run.spread))
    const bn = resetAfter ? side.floats(numbersOf(run, 'bn', size)) : 0
    const gates = blocks(side, run, steps, 3 * count, numbersOf(run, 'gates', 3 * steps * count, 2))
    const inner = blocks(side, run, steps, count)
    const hidden = blocks(side, run, steps + 1, count, numbersOf(run, 'hidden', count))
    const present = presence(side, run)
    const scratch = side.floats(new Float32Array(scratchCount(batch, 3 * size, 3 * size)))
    side.kernel.gruForward(
      ...([steps, batch, size, w, bn, resetAfter, gates.first, gates.stride] as const),
      ...([
        inner.first,
        inner.stride,
        hidden.first,
        hidden.stride,
        activation,
        gateActivation,
        clip,
      ] as const),
      ...([present.first, present.stride, scratch] as const),
    )
    const forward = Object.fromEntries(
      Object.entries({ gates, inner, hidden }).map(([name, of]) => [name, of.read().flat()]),
    )
    const delta = blocks(side, run, steps, 3 * count, numbersOf(run, 'left', 3 * steps * count))
    const innerDelta = blocks(
      side,
      run,
      steps,
      count,
      resetAfter ? numbersOf(run, 'left', steps * count) : undefined,
    )
    const external = externalOf(side, run)
    const way = wayBack(side, run)
    const failed = side.kernel.gruBackward(
      ...([steps, batch, size, w, resetAfter, gates.last, -gates.stride, inner.last, -inner.stride] as const),
      ...([
        hidden.last - hidden.stride * side.width,
        -hidden.stride,
        activation,
        gateActivation,
        clip,
      ] as const),
      ...([external.last, -external.stride, delta.last, -delta.stride] as const),
      ...(resetAfter ? ([innerDelta.last, -innerDelta.stride] as const) : ([0, 0] as const)),
      ...([way.carried, way.norms, way.exponents, present.last, -present.stride, keepLast, scratch] as const),
    )
    return { failed: [failed], ...forward, ...resultsOf(side, run, way, { delta, innerDelta }, false) }
  }

for (const [dtype, build] of kernelKinds) {
  describe(`GRU (${dtype}, ${build})`, () => {
    it('forward and back, of any shape, form and layout', () => {
      fc.assert(
        fc.property(gruRuns, (run) => {
          shouldAgree(onBothSides(dtype, build, both(run)), dtype === 'float32' ? 5e-6 : 1e-13)
        }),
        { numRuns: 150 },
      )
    })

    it('of sizes as they are used stays exact', () => {
      for (const resetAfter of [false, true])
        shouldAgree(
          onBothSides(dtype, build, both({ ...usualRun, size: 37, resetAfter })),
          dtype === 'float32' ? 5e-7 : 1e-14,
        )
    })

    it('a gradient that vanishes keeps its digits, at every step', () => {
      const [got, right] = onBothSides(dtype, build, both({ ...vanishingRun, resetAfter: false }))
      const most = dtype === 'float32' ? 1e-5 : 1e-12
      got.norms.forEach((norm, step) => {
        should(norm / right.norms[step]).be.approximately(1, most, `of step ${step}`)
      })
    })

    it('says so where the gradient leaves the range', () => {
      for (const run of explodingRuns) {
        const [got] = onBothSides(dtype, build, both({ ...run, resetAfter: false }))
        should(got.failed).eql([1])
      }
    })
  })
}
