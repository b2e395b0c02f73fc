/**
 * `npm run soak:kill`: Node-RED is killed in the middle of training, at random moments, a hundred times. Each time it has
 * to come back with what it had kept, and to have lost at most a second of steps.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { lastingFlow, settingsWithFiles, stepsIn } from '../support/lasting-flow'
import { type NodeRed, startAgain, startNodeRed } from '../support/node-red'

const times = Number(process.argv[2] ?? 100)
const second = 1000

/** Steps as they are printed, with the time at which they were seen. */
function watch(nodeRed: NodeRed): { seen: { at: number; step: number }[]; end(): void } {
  const seen: { at: number; step: number }[] = []
  const timer = setInterval(() => {
    const step = stepsIn(nodeRed.output().slice(-2000)).at(-1)
    if (step !== undefined && step !== seen.at(-1)?.step) seen.push({ at: performance.now(), step })
  }, 20)
  return { seen, end: () => clearInterval(timer) }
}

async function main(): Promise<void> {
  let nodeRed = await startNodeRed(lastingFlow(100_000_000), undefined, settingsWithFiles)
  const { userDirectory } = nodeRed
  const lost: number[] = []
  let corrupt = 0
  let tooMuch = 0
  for (let kill = 1; kill <= times; kill++) {
    const { seen, end } = watch(nodeRed)
    while (seen.length < 5) await wait(20)
    await wait(Math.random() * 2500)
    const killedAt = performance.now()
    await nodeRed.end('SIGKILL')
    end()
    const reached = seen.at(-1) as { at: number; step: number }
    nodeRed = await startAgain(userDirectory, settingsWithFiles)
    while (stepsIn(nodeRed.output()).length === 0) await wait(20)
    const first = stepsIn(nodeRed.output())[0]
    if (/cannot be read|startsAnew|invalid-json|\[error\]/.test(nodeRed.output())) corrupt += 1
    // what was kept is as old as the first step that has to be taken again
    const again = seen.find(({ step }) => step >= first)
    const age = again ? killedAt - again.at : 0
    lost.push(Math.max(0, reached.step - first + 1))
    if (age > second || first <= 1) tooMuch += 1
    if (kill % 10 === 0)
      console.log(
        `${kill} kills: at step ${first}; lost ${Math.max(...lost)} steps at most, more than a second ${tooMuch} times, unreadable ${corrupt} times`,
      )
  }
  await nodeRed.stop()
  console.log(`${times} kills, ${tooMuch} lost more than a second, ${corrupt} left something unreadable`)
  process.exit(tooMuch + corrupt === 0 ? 0 : 1)
}

main()
