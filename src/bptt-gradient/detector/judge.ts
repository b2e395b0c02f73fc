/**
 * The signals that judge one gradient by itself. The norm, and growth along time: it looks at what each step back does
 * to the gradient it carries (Pascanu, Mikolov & Bengio 2013; Bengio, Simard & Frasconi 1994), multiplied over a span;
 * at the trend of ∂L/∂h; and at early against late terms, so that a healthy short term does not hide a vanished long one.
 */
import { earlyToLate, slopeBack, steepestSpan } from './along-time'
import { type Finding, findingOf } from './finding'
import type { Settings } from './options'
import { inReverse, range, show, times } from './words'

/** The part of a gradient along time in one direction; entry 0 of growth is step 1, of carry the step between 1 and 2. */
export interface Strand {
  readonly growth: readonly number[]
  readonly carry: readonly number[]
}

/** What is looked at in a `Gradient`. */
export interface Judged extends Strand {
  readonly norm: number
  readonly terms: Readonly<Record<string, readonly number[]>>
  readonly reverse?: Strand
}

/** Going back through time is counted from step T down to 1. The reverse direction is judged in a mirror. */
interface Direction extends Strand {
  readonly reverse: boolean
  /** [first, last] as it is counted outside of the mirror */
  span(first: number, last: number): [number, number]
  /** the same in words */
  way(first: number, last: number): string
}

/** @returns a finding for each signal that is on and has something to measure, for growth along time in each direction */
export function judge(gradient: Judged, settings: Settings): Finding[] {
  const { enable } = settings
  const ways = directionsOf(gradient)
  const spans = ways.flatMap((direction) => spanFindings(direction, settings))
  const slopes = ways.flatMap((direction) => slopeFinding(direction, settings))
  const ratios = ratioFindings(gradient.terms, settings)
  return [
    normFinding(gradient.norm, settings),
    ...mostFirst(spans),
    ...mostFirst(slopes),
    ...mostFirst(ratios),
  ].filter(({ signal }) => enable[signal])
}

const mostFirst = (findings: Finding[]) => findings.toSorted((a, b) => b.score - a.score)

/** One decade of the norm is 1 in the score. */
const normFinding = (norm: number, { normThreshold: threshold }: Settings): Finding => ({
  signal: 'norm',
  condition: 'exploding',
  value: norm,
  threshold,
  crossed: norm > threshold,
  score: Math.max(0, 1 + Math.log10(norm) - Math.log10(threshold)),
  reason: () => `the gradient's norm ${show(norm)} is above ${threshold}`,
})

function directionsOf({ growth, carry, reverse }: Judged): Direction[] {
  const forward: Direction = {
    growth,
    carry,
    reverse: false,
    span: (first, last) => [first, last],
    way: (first, last) => `from step ${last} back to ${first}`,
  }
  if (!reverse) return [forward]
  const mirrored = (step: number) => reverse.carry.length + 2 - step
  return [
    forward,
    {
      growth: reverse.growth.toReversed(),
      carry: reverse.carry.toReversed(),
      reverse: true,
      span: (first, last) => [mirrored(last), mirrored(first)],
      way: (first, last) => `from step ${mirrored(last)} on to ${mirrored(first)}`,
    },
  ]
}

function spanFindings({ carry, reverse, span, way }: Direction, settings: Settings): Finding[] {
  if (carry.length === 0) return []
  const rise = steepestSpan(carry)
  const fall = steepestSpan(carry, -1)
  return [
    findingOf({
      signal: 'growth',
      condition: 'exploding',
      value: rise.total,
      threshold: Math.log(settings.growthThreshold),
      reason: () =>
        `${way(rise.first, rise.last)} the gradient grows ${times(rise.total)}${inReverse(reverse)}`,
      span: span(rise.first, rise.last),
    }),
    findingOf({
      signal: 'vanishing',
      condition: 'vanishing',
      value: 0 - fall.total,
      threshold: Math.log(settings.vanishingThreshold),
      reason: () =>
        `${way(fall.first, fall.last)} the gradient shrinks ${times(fall.total)}${inReverse(reverse)}`,
      span: span(fall.first, fall.last),
    }),
  ]
}

function slopeFinding({ growth, reverse, span, way }: Direction, settings: Settings): Finding[] {
  const slope = slopeBack(growth)
  if (!slope) return []
  const { total, first, last } = slope
  const where = () => `${way(first, last)}${inReverse(reverse)}`
  const grows = total > 0
  return [
    findingOf({
      signal: 'slope',
      condition: grows ? 'exploding' : 'vanishing',
      value: total,
      threshold: Math.log(grows ? settings.slopeGrowthThreshold : settings.slopeVanishingThreshold),
      reason: () =>
        `the gradient ${grows ? 'grows' : 'shrinks'} ${times(Math.abs(total))} a step, on average ${where()}`,
      span: span(first, last),
    }),
  ]
}

/** The recurrent matrices: W, W2 …, Wr, W2r … of the reverse direction, Wd … of a decoder. */
const recurrent = /^W\d*([rd]?)$/

const ratioFindings = (terms: Judged['terms'], { ratioThreshold }: Settings): Finding[] =>
  Object.entries(terms).flatMap(([name, norms]) => {
    const kind = recurrent.exec(name)
    if (!kind) return []
    const reverse = kind[1] === 'r'
    const ratio = earlyToLate(reverse ? norms.toReversed() : norms)
    if (!ratio) return []
    const steps = ([first, last]: readonly [number, number]): [number, number] =>
      reverse ? [norms.length + 1 - last, norms.length + 1 - first] : [first, last]
    const [early, late] = [steps(ratio.early), steps(ratio.late)]
    const way = () => `from ${range(late)} ${reverse ? 'on' : 'back'} to ${range(early)}`
    return findingOf({
      signal: 'ratio',
      condition: 'vanishing',
      value: ratio.total,
      threshold: Math.log(ratioThreshold),
      reason: () => `the terms of ${name} shrink ${times(0 - ratio.total)} ${way()}${inReverse(reverse)}`,
      span: [Math.min(...early, ...late), Math.max(...early, ...late)],
    })
  })
