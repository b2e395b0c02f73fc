/**
 * `npm run soak:steps -- 1000000`: so many training steps in a real Node-RED, with held-out sequences, the best kept, and
 * everything written to files. What the process holds is printed every twentieth of the way; the last fifth must not hold
 * more than the second by a twentieth.
 */
import { setTimeout as wait } from 'node:timers/promises'
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
import { lastingFlow } from '../support/lasting-flow'
import { type NodeRed, startNodeRed } from '../support/node-red'

const steps = Number(process.argv[2] ?? 1_000_000)
const parts = 20

/** Silent, and of small batches: a million of them are to end within the hour. */
const quietFlow = lastingFlow(steps).flatMap((node) => {
  const { type } = node as { type: string }
  if (type === 'function') return []
  return [type === 'sequence-source' ? { ...node, length: '5', batch: '2' } : node]
})

async function main(): Promise<void> {
  const nodeRed = await startNodeRed(quietFlow, undefined, settingsWithMemory)
  try {
    judge(await soak(nodeRed), `${steps} steps, from the second fifth to the last`)
  } finally {
    await nodeRed.stop()
  }
}

async function soak(nodeRed: NodeRed): Promise<Growth> {
  const stepNow = async () => {
    const loop = (await (await fetch(`${nodeRed.url}/recurrent/loops/cell`)).json()) as LoopDigest | null
    return loop?.progress.step ?? 0
  }
  const seen: Held[] = []
  const begun = performance.now()
  for (let part = 1; part <= parts; part++) {
    let step = await stepNow()
    for (let turn = 0; step < (part * steps) / parts; turn++) {
      await wait(500)
      const next = await stepNow()
      if (next > step) turn = 0
      else if (turn > 120) throw new Error(`training stands still at step ${step}:\n${nodeRed.output()}`)
      step = next
    }
    seen.push(await heldBy(nodeRed))
    const seconds = (performance.now() - begun) / 1000
    console.log(
      `${(100 * part) / parts} %, step ${step}, ${seconds.toFixed(0)} s: ${inWords(seen[part - 1])}`,
    )
  }
  const output = nodeRed.output()
  if (/\[(error|warn)\] \[/.test(output)) throw new Error(output)
  return growthBetween(seen.slice(4, 8), seen.slice(16))
}

main()
