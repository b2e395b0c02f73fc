/** Backward through time, over all strands of a network: from ∂L/∂o to every step's part in the gradient. */
import { entry } from '../tensor/axes'
import { readStep } from '../unroll/readable'
import { squashes, throughReadout, throughSquash } from '../unroll/readout'
import type { Tape } from '../unroll/tape'
import type { Unrolled } from '../unroll/unrolled'
import { type Chain, chain, type StrandStep } from './chain'
import { logNorm, type Scaled, sumScaled } from './scaled'
import { sumSteps } from './sum-steps'
import type { Window } from './windows'

export interface Visitor {
  /** step t of a strand; arrays are used again */
  strand(t: number, step: StrandStep): void
  /** ∂L/∂(V s_t + c) [B, O] at a readout, counted from 0 */
  readout(index: number, gradient: Scaled): void
}

/** Logarithms, entry 0 being step 1. */
export interface Norms {
  /** log ‖∂L/∂s_t‖, s being the hidden (and cell) state */
  readonly gradient: number[]
  /** log ‖(∂s_t/∂s_{t-1})ᵀ ∂L/∂s_t‖; in the reverse direction (∂s_t/∂s_{t+1})ᵀ */
  readonly carried: number[]
}

export interface BackwardNorms {
  readonly forward: Norms
  readonly reverse?: Norms
}

/**
 * @param logitGradient ∂L/∂(V s_t + c) [L, B, O]
 * @param windows which losses go back how far; for a bidirectional cell one window over all steps
 */
export function backward(
  unrolled: Unrolled,
  tape: Tape,
  logitGradient: Float64Array,
  windows: readonly Window[],
  visitor: Visitor,
): BackwardNorms {
  const of = { unrolled, tape, logitGradient, visitor }
  return unrolled.cell.bidirectional ? backThroughLayers(of, windows[0]) : backThroughSteps(of, windows)
}

interface Pass {
  readonly unrolled: Unrolled
  readonly tape: Tape
  readonly logitGradient: Float64Array
  readonly visitor: Visitor
}

const emptyNorms = (steps: number): Norms => ({
  gradient: new Array<number>(steps).fill(Number.NEGATIVE_INFINITY),
  carried: new Array<number>(steps).fill(Number.NEGATIVE_INFINITY),
})

/** ∂L/∂(V s_t + c) of one readout. */
function lossAt({ unrolled, logitGradient }: Pass, readout: number): Float64Array {
  const size = unrolled.batch * unrolled.outputs.shape[2]
  return logitGradient.subarray(readout * size, (readout + 1) * size)
}

/** Step by step, all layers at each: outputs that were fed back carry gradients as well. */
function backThroughSteps(pass: Pass, windows: readonly Window[]): BackwardNorms {
  const { unrolled, tape, visitor } = pass
  const { cell, batch, steps, readouts } = unrolled
  const strands = tape.network.lanes.map((_, strand) => strand)
  const last = strands.length - 1
  const readoutAt = new Map(readouts.map((t, index) => [t, index]))
  const norms = emptyNorms(steps)
  let active: { readonly window: Window; readonly chain: Chain; fed?: Scaled }[] = []

  for (let t = steps; t >= 1; t--) {
    for (const window of windows)
      if (window.from === t) active.push({ window, chain: chain(unrolled, tape, strands) })
    const readout = readoutAt.get(t)
    if (readout !== undefined) {
      const values = lossAt(pass, readout)
      const here = active.filter(({ window }) => window.losses.includes(t))
      for (const own of here)
        own.chain.add({ values: throughReadout(cell, values, batch), exponent: 0 }, last)
      const fed = active.flatMap((own) => own.fed ?? [])
      const all: Scaled[] = here.length > 0 ? [...fed, { values, exponent: 0 }] : fed
      if (all.length > 0) visitor.readout(readout, all.reduce(sumScaled))
    }
    const chains = active.map((own) => own.chain)
    norms.gradient[t - 1] = jointLogNorm(chains)

    const parts: StrandStep[][] = strands.map(() => [])
    for (const own of active) {
      const passed = own.chain.back(t, (step) => {
        if (active.length === 1) visitor.strand(t, step)
        else parts[step.strand].push(step)
      })
      own.fed = throughFeedback(unrolled, passed, t, readoutAt.get(t - 1))
      if (own.fed) own.chain.add({ ...own.fed, values: throughReadout(cell, own.fed.values, batch) }, last)
    }
    for (const several of parts) if (several.length > 0) visitor.strand(t, sumSteps(several))
    norms.carried[t - 1] = jointLogNorm(chains)
    active = active.filter(({ window }) => window.to < t)
  }
  return { forward: norms }
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
  if (!fed || t <= inputSteps || readout === undefined) return undefined
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

/** Layer by layer, the last first, since both directions of a layer read both of the one below. */
function backThroughLayers(pass: Pass, window: Window): BackwardNorms {
  const { unrolled, tape, visitor } = pass
  const { cell, batch, steps, topology, readouts } = unrolled
  const { hiddenSize } = cell.sizes
  const norms = { forward: emptyNorms(steps), reverse: emptyNorms(steps) }
  /** ∂L/∂ the states of the layer at hand after step t [B, 2H], from above */
  let above: (Scaled | undefined)[][] = [new Array(steps + 1), new Array(steps + 1)]
  readouts.forEach((t, readout) => {
    if (!window.losses.includes(t)) return
    const values = lossAt(pass, readout)
    visitor.readout(readout, { values, exponent: 0 })
    const gradient = { values: throughReadout(cell, values, batch), exponent: 0 }
    for (const side of [0, 1]) {
      const at = readStep(topology, side === 1, t)
      above[side][at] = plus(above[side][at], half(gradient, side, batch))
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
        const passed = own.back(t, (step) => visitor.strand(t, step))
        carried[t - 1] = logHypot(carried[t - 1], own.logNorm())
        if (layer === 1) continue
        for (const lower of [0, 1]) below[lower][t] = plus(below[lower][t], half(passed, lower, batch))
      }
    }
    above = below
  }
  return norms

  /** [B, 2H] → [B, H] */
  function half({ values, exponent }: Scaled, side: number, rows: number): Scaled {
    const part = new Float64Array(rows * hiddenSize)
    for (let row = 0; row < rows; row++) {
      const start = (2 * row + side) * hiddenSize
      part.set(values.subarray(start, start + hiddenSize), row * hiddenSize)
    }
    return { values: part, exponent }
  }
}

const plus = (a: Scaled | undefined, b: Scaled): Scaled => (a ? sumScaled(a, b) : b)

/** log √(e²ᵃ + e²ᵇ) */
function logHypot(a: number, b: number): number {
  const [low, high] = a < b ? [a, b] : [b, a]
  if (low === Number.NEGATIVE_INFINITY || Number.isNaN(low) || Number.isNaN(high)) return high
  return high + Math.log1p(Math.exp(2 * (low - high))) / 2
}
