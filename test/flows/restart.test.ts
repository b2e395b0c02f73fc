/** A Node-RED that is stopped and started again in the middle of training, in an orderly way and not. */
import { setTimeout as wait } from 'node:timers/promises'
import should from 'should'
import { lastingFlow, settingsWithFiles, stepsIn } from '../support/lasting-flow'
import { startAgain, startNodeRed } from '../support/node-red'

const steps = 1000
const start = () => startNodeRed(lastingFlow(steps), undefined, settingsWithFiles)
const model = /\[function:print\] model (.*)/

describe('a restart in the middle of training', () => {
  let whole = ''
  before(async () => {
    const nodeRed = await start()
    ;[, whole] = await nodeRed.prints(model)
    await nodeRed.stop()
  })

  it('after an orderly stop, or several, gives the very same weights as no stop', async () => {
    let nodeRed = await start()
    const { userDirectory } = nodeRed
    for (const cut of [137, 512, 803]) {
      await nodeRed.prints(new RegExp(`\\] at ${cut} of`))
      await nodeRed.end('SIGTERM')
      nodeRed = await startAgain(userDirectory, settingsWithFiles)
    }
    const [, last] = await nodeRed.prints(model)
    const after = stepsIn(nodeRed.output())
    await nodeRed.stop()
    should(last).equal(whole)
    should(after[0]).be.within(803, 1000)
    should(whole.length).be.above(1000)
  })

  it('after a kill loses at most a second of steps, and goes on', async () => {
    let nodeRed = await startNodeRed(lastingFlow(1_000_000), undefined, settingsWithFiles)
    const { userDirectory } = nodeRed
    for (let kill = 0; kill < 3; kill++) {
      const before = stepsIn(nodeRed.output()).length
      while (stepsIn(nodeRed.output()).length < before + 50) await wait(20)
      await wait(700 + 311 * kill)
      const aSecondAgo = stepsIn(nodeRed.output()).at(-1) ?? 0
      await wait(1000)
      await nodeRed.end('SIGKILL')
      nodeRed = await startAgain(userDirectory, settingsWithFiles)
      while (stepsIn(nodeRed.output()).length === 0) await wait(20)
      should(stepsIn(nodeRed.output())[0]).be.aboveOrEqual(aSecondAgo)
      should(nodeRed.output()).not.match(/cannot be read|\[error\]/)
    }
    await nodeRed.stop()
  })
})
