/**
 * `npm run soak:redeploy -- 100`: so many deploys in the middle of training on worker threads, with a sidebar that looks.
 * Every tenth of the way the flow is taken away, and what the process holds then is printed. After thirty deploys to warm
 * up it must not hold more by a twentieth, nor a thread, a timer, a listener or a route more.
 */
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
import { redeploys } from '../support/redeploys'

const count = Number(process.argv[2] ?? 100)
const warmUp = 30
const parts = 10

const left = ({ threads, timers, listeners, routes }: Held) =>
  JSON.stringify({ threads, timers, listeners, routes })

async function main(): Promise<void> {
  const nodeRed = await startNodeRed([], undefined, settingsWithMemory)
  try {
    judge(await soak(nodeRed), `${count} deploys`)
  } finally {
    await nodeRed.stop()
  }
}

async function soak(nodeRed: NodeRed): Promise<Growth> {
  console.log(`before: ${inWords(await heldBy(nodeRed))}`)
  const { run, held, stepNow } = redeploys(nodeRed)
  const seen: Held[] = []
  let done = 0
  for (let part = 0; part <= parts; part++) {
    const next = part === 0 ? warmUp : Math.ceil(count / parts)
    await run(next, done)
    const step = await stepNow()
    done += next
    seen.push(await held())
    console.log(`${done} deploys, step ${step}: ${inWords(seen[part])}`)
  }
  const output = nodeRed.output()
  if (/\[error\]|MaxListeners/.test(output)) throw new Error(output)
  if (left(seen[0]) !== left(seen[parts]))
    throw new Error(`${left(seen[0])} after ${warmUp} deploys, ${left(seen[parts])} at the end`)
  return growthBetween(seen.slice(0, 2), seen.slice(-2))
}

main()
