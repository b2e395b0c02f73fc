/**
 * Back through a network of one direction, step by step, all layers at each. Outputs that were fed back carry gradients
 * as well. Of truncated backpropagation several windows are on their way at once.
 */
import { entry } from '../tensor/axes'
import { squashes, throughReadout, throughSquash } from '../unroll/readout'
import type { Unrolled } from '../unroll/unrolled'
import { type Chain, chain, type StrandStep } from './chain'
import { emptyNorms, lossAt, type Norms, type Pass } from './pass'
import { logNorm, type Scaled, sumScaled } from './scaled'
import { kept, sumSteps } from './sum-steps'
import { hasLoss, type Window } from './windows'

/** @param windows each begins at another step */
export function backThroughSteps(pass: Pass, windows: readonly Window[]): Norms {
  const { unrolled, tape, visitor } = pass
  const { cell, batch, steps, readouts } = unrolled
  const strands = tape.network.lanes.map((_, strand) => strand)
  const last = strands.length - 1
  const readoutAt = new Map(readouts.map((t, index) => [t, index]))
  const norms = emptyNorms(steps)
  const starts = new Map(windows.map((window) => [window.from, window]))
  let active: { readonly window: Window; readonly chain: Chain; fed?: Scaled }[] = []

  for (let t = steps; t >= 1; t--) {
    const begun = starts.get(t)
    if (begun) active.push({ window: begun, chain: chain(unrolled, tape, strands) })
    const readout = readoutAt.get(t)
    if (readout !== undefined) {
      const values = lossAt(pass, readout)
      const here = active.filter(({ window }) => hasLoss(window, t))
      for (const own of here)
        own.chain.add({ values: throughReadout(cell, values, batch), exponent: 0 }, last)
      const fed = active.flatMap((own) => own.fed ?? [])
      const all: Scaled[] = here.length > 0 ? [...fed, { values, exponent: 0 }] : fed
      if (all.length > 0) visitor.readout(readout, all.reduce(sumScaled))
    }
    const chains = active.map((own) => own.chain)
    norms.gradient[t - 1] = jointLogNorm(chains)

    const parts: StrandStep[][] = strands.map(() => [])
    const isFed = unrolled.fed !== undefined && t > unrolled.inputSteps
    for (const own of active) {
      const passed = own.chain.back(
        t,
        (step) => {
          if (active.length === 1) visitor.strand(t, step)
          else parts[step.strand].push(kept(step))
        },
        isFed,
      )
      own.fed = passed && throughFeedback(unrolled, passed, t, readoutAt.get(t - 1))
      if (own.fed) own.chain.add({ ...own.fed, values: throughReadout(cell, own.fed.values, batch) }, last)
    }
    for (const several of parts) if (several.length > 0) visitor.strand(t, sumSteps(several))
    norms.carried[t - 1] = jointLogNorm(chains)
    active = active.filter(({ window }) => window.to < t)
  }
  return norms
}

/** log of the norm of what several chains carry together. */
function jointLogNorm(chains: readonly Chain[]): number {
  if (chains.length === 0) return Number.NEGATIVE_INFINITY
  if (chains.length === 1) return chains[0].logNorm()
  const joined: Scaled[] = chains.map(({ gradients, exponent }) => ({
    values: Float64Array.from(gradients.flatMap((values) => [...values])),
    exponent,
  }))
  const { values, exponent } = joined.reduce(sumScaled)
  return logNorm([values], exponent)
}

/**
 * From ∂L/∂x_t to ∂L/∂(V s_{t-1} + c), where x_t was the output of step t-1; undefined if no row was. Past the end of a
 * sequence the output may be a constant 0.
 */
function throughFeedback(
  { cell, fed, inputSteps, batch, outputs, readoutMask, zeroPastEnd }: Unrolled,
  { values, exponent }: Scaled,
  t: number,
  readout: number | undefined,
): Scaled | undefined {
  if (!fed || readout === undefined) return undefined
  const size = values.length / batch
  const passes = Array.from({ length: batch }, (_, row) => {
    const isConstant = zeroPastEnd && readoutMask?.[readout * batch + row] === 0
    return fed.throughOutput[(t - inputSteps - 1) * batch + row] === 1 && !isConstant
  })
  if (!passes.includes(true)) return undefined
  const gradient = values.map((value, index) => (passes[Math.floor(index / size)] ? value : 0))
  return {
    values: squashes(cell) ? throughSquash(cell, entry(outputs, readout), gradient) : gradient,
    exponent,
  }
}
