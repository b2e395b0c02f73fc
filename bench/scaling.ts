/** How the cost of a step grows with T (to 100 000), with B and with H: our side alone, all sizes in turn. */
import { type Case, caseOf } from './cases'
import { problemOf } from './problem'
import { scalingTable } from './report-tables'
import type { Axis, ScalingResult } from './results'
import { library } from './sides/library'
import type { Side } from './sides/side'
import { median, rotated, stepsFor } from './statistics'

const base = caseOf('rnn', 64, 16, 50)

const sizes: Readonly<Record<Axis, readonly number[]>> = {
  T: [100, 300, 1000, 3000, 10_000, 30_000, 100_000],
  B: [1, 4, 16, 64, 256, 1024],
  H: [16, 32, 64, 128, 256, 512, 1024],
}
const caseAt: Readonly<Record<Axis, (size: number) => Case>> = {
  T: (steps) => caseOf(base.type, base.hidden, 1, steps),
  B: (batch) => caseOf(base.type, base.hidden, batch, base.steps),
  H: (hidden) => caseOf(base.type, hidden, base.batch, base.steps),
}
const rounds = 5
const perRound = 100

export async function measureScaling(): Promise<ScalingResult> {
  const points: ScalingResult['points'][number][] = []
  for (const axis of Object.keys(sizes) as Axis[]) {
    const measured: { size: number; side: Side; steps: number; milliseconds: number[] }[] = []
    for (const size of sizes[axis]) {
      console.error(`${axis} = ${size}`)
      const side = library()
      await side.setUp(problemOf(caseAt[axis](size)))
      const first = await side.run(1)
      const steps = stepsFor(
        perRound,
        (await side.run(stepsFor(perRound, first))) / stepsFor(perRound, first),
      )
      measured.push({ size, side, steps, milliseconds: [] })
    }
    for (let round = 0; round < rounds; round++)
      for (const { side, steps, milliseconds } of rotated(measured, round))
        milliseconds.push((await side.run(steps)) / steps)
    for (const { size, side, milliseconds } of measured) {
      await side.tearDown()
      points.push({ axis, size, milliseconds: median(milliseconds) })
    }
  }
  console.log(scalingTable({ base, points }))
  return { base, points }
}
