/**
 * Back through a bidirectional network, layer by layer, the last first, since both directions of a layer read both of
 * the one below.
 */
import { readStep } from '../unroll/readable'
import { throughReadout } from '../unroll/readout'
import { chain } from './chain'
import { emptyNorms, lossAt, type Norms, type Pass } from './pass'
import { logHypot, type Scaled, sumScaled } from './scaled'
import { hasLoss, type Window } from './windows'

export function backThroughLayers(pass: Pass, window: Window): { forward: Norms; reverse: Norms } {
  const { unrolled, tape, visitor } = pass
  const { cell, batch, steps, topology, readouts } = unrolled
  const norms = { forward: emptyNorms(steps), reverse: emptyNorms(steps) }
  /** ∂L/∂ the states of the layer at hand after step t [B, 2H], from above */
  let above: (Scaled | undefined)[][] = [new Array(steps + 1), new Array(steps + 1)]
  readouts.forEach((t, readout) => {
    if (!hasLoss(window, t)) return
    const values = lossAt(pass, readout)
    visitor.readout(readout, { values, exponent: 0 })
    const gradient = { values: throughReadout(cell, values, batch), exponent: 0 }
    for (const side of [0, 1]) {
      const at = readStep(topology, side === 1, t)
      above[side][at] = plus(above[side][at], halfOf(gradient, side, batch))
    }
  })

  for (let layer = cell.layers; layer >= 1; layer--) {
    const below: (Scaled | undefined)[][] = [new Array(steps + 1), new Array(steps + 1)]
    for (const side of [0, 1]) {
      const strand = 2 * (layer - 1) + side
      const reverse = side === 1
      const own = chain(unrolled, tape, [strand])
      const { gradient, carried } = reverse ? norms.reverse : norms.forward
      for (let turn = 1; turn <= steps; turn++) {
        const t = reverse ? turn : steps + 1 - turn
        const from = above[side][t]
        if (from) own.add(from, 0)
        gradient[t - 1] = logHypot(gradient[t - 1], own.logNorm())
        const passed = own.back(t, (step) => visitor.strand(t, step), layer > 1)
        carried[t - 1] = logHypot(carried[t - 1], own.logNorm())
        if (!passed) continue
        for (const lower of [0, 1]) below[lower][t] = plus(below[lower][t], halfOf(passed, lower, batch))
      }
    }
    above = below
  }
  return norms
}

/** Of [B, 2H] that of one direction, [B, H]. */
function halfOf({ values, exponent }: Scaled, side: number, batch: number): Scaled {
  const size = values.length / batch / 2
  const half = new Float64Array(batch * size)
  for (let row = 0; row < batch; row++) {
    const start = (2 * row + side) * size
    half.set(values.subarray(start, start + size), row * size)
  }
  return { values: half, exponent }
}

const plus = (a: Scaled | undefined, b: Scaled): Scaled => (a ? sumScaled(a, b) : b)
