/** The LSTM forward and back against the plain kernel in float64, tensor by tensor. */
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

interface LstmRun extends Run {
  readonly peepholes: boolean
}
const lstmRuns = fc.tuple(runs, fc.boolean()).map(([run, peepholes]): LstmRun => ({ ...run, peepholes }))

/** @returns every tensor of the way forward and back */
const both =
  (run: LstmRun) =>
  (side: Side): Record<string, number[]> => {
    const { steps, batch, size, activation, gateActivation, clip, keepLast } = run
    const count = batch * size
    const w = side.floats(numbersOf(run, 'w', 4 * size * size, run.spread))
    const p = run.peepholes ? side.floats(numbersOf(run, 'p', 3 * size)) : 0
    const gates = blocks(side, run, steps, 4 * count, numbersOf(run, 'gates', 4 * steps * count, 2))
    const hidden = blocks(side, run, steps + 1, count, numbersOf(run, 'hidden', count))
    const cell = blocks(side, run, steps + 1, count, numbersOf(run, 'cell', count))
    const squashed = blocks(side, run, steps, count)
    const present = presence(side, run)
    const scratch = side.floats(new Float32Array(scratchCount(batch, 4 * size, 4 * size)))
    side.kernel.lstmForward(
      ...([steps, batch, size, w, p, gates.first, gates.stride, hidden.first, hidden.stride] as const),
      ...([
        cell.first,
        cell.stride,
        squashed.first,
        squashed.stride,
        activation,
        gateActivation,
        clip,
      ] as const),
      ...([present.first, present.stride, scratch] as const),
    )
    const forward = Object.fromEntries(
      Object.entries({ gates, hidden, cell, squashed }).map(([name, of]) => [name, of.read().flat()]),
    )
    const delta = blocks(side, run, steps, 4 * count, numbersOf(run, 'left', 4 * steps * count))
    const external = externalOf(side, run)
    const way = wayBack(side, run)
    const failed = side.kernel.lstmBackward(
      ...([steps, batch, size, w, p, gates.last, -gates.stride, squashed.last, -squashed.stride] as const),
      ...([cell.last - cell.stride * side.width, -cell.stride, activation, gateActivation, clip] as const),
      ...([
        external.last,
        -external.stride,
        delta.last,
        -delta.stride,
        way.carried,
        way.carriedCell,
      ] as const),
      ...([way.norms, way.exponents, present.last, -present.stride, keepLast, scratch] as const),
    )
    return { failed: [failed], ...forward, ...resultsOf(side, run, way, { delta }, true) }
  }

for (const [dtype, build] of kernelKinds) {
  describe(`LSTM (${dtype}, ${build})`, () => {
    it('forward and back, of any shape, form and layout', () => {
      fc.assert(
        fc.property(lstmRuns, (run) => {
          shouldAgree(onBothSides(dtype, build, both(run)), dtype === 'float32' ? 5e-6 : 1e-13)
        }),
        { numRuns: 150 },
      )
    })

    it('of sizes as they are used stays exact', () => {
      for (const peepholes of [false, true])
        shouldAgree(
          onBothSides(dtype, build, both({ ...usualRun, size: 37, peepholes })),
          dtype === 'float32' ? 5e-7 : 1e-14,
        )
    })

    it('a gradient that vanishes keeps its digits, at every step', () => {
      const [got, right] = onBothSides(dtype, build, both({ ...vanishingRun, peepholes: false }))
      const most = dtype === 'float32' ? 1e-5 : 1e-12
      got.norms.forEach((norm, step) => {
        should(norm / right.norms[step]).be.approximately(1, most, `of step ${step}`)
      })
    })

    it('says so where the gradient leaves the range', () => {
      for (const run of explodingRuns) {
        const [got] = onBothSides(dtype, build, both({ ...run, peepholes: false }))
        should(got.failed).eql([1])
      }
    })
  })
}
