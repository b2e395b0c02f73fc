/**
 * `npm run soak:stream -- 1`: so many days of readings of thousands of sensors that come and go, in a real Node-RED, as
 * fast as it can, which learns meanwhile and writes everything to files. What the process holds is printed every twentieth
 * of the way; the last fifth must not hold more than the second by a twentieth.
 */
import type { LoopDigest } from '../../nodes/watch/wire'
import {
  type Growth,
  growthBetween,
  type Held,
  heldBy,
  inWords,
  judge,
  settingsWithMemory,
} from '../support/held'
import { type NodeRed, startNodeRed } from '../support/node-red'
import { sensorDayFlow } from '../support/sensor-day-flow'

const days = Number(process.argv[2] ?? 1)
const parts = 20

/** The last number that was printed so. */
const latest = (output: string, pattern: RegExp): number =>
  Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0)

async function main(): Promise<void> {
  const nodeRed = await startNodeRed(sensorDayFlow(days), undefined, settingsWithMemory)
  try {
    judge(await soak(nodeRed), `${days} days, from the second fifth to the last`)
  } finally {
    await nodeRed.stop()
  }
}

async function soak(nodeRed: NodeRed): Promise<Growth> {
  const seen: Held[] = []
  const begun = performance.now()
  for (let part = 1; part <= parts; part++) {
    const [, sensors] = await nodeRed.prints(new RegExp(`part ${part} of ${parts}, (\\d+) sensors`))
    seen.push(await heldBy(nodeRed))
    const loop = (await (await fetch(`${nodeRed.url}/recurrent/loops/cell`)).json()) as LoopDigest | null
    const seconds = (performance.now() - begun) / 1000
    console.log(
      `${(100 * part) / parts} %, ${sensors} sensors, step ${loop?.progress.step}, ${seconds.toFixed(0)} s: ${inWords(seen[part - 1])}`,
    )
  }
  const output = nodeRed.output()
  console.log(
    `${latest(output, /\] (\d+) predictions/g)} predictions, ${latest(output, /\] (\d+) broken/g)} broken readings`,
  )
  if (/unexpected|\[error\] \[/.test(output)) throw new Error(output)
  return growthBetween(seen.slice(4, 8), seen.slice(16))
}

main()
