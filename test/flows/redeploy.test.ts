/** Deploys of every kind in the middle of training on worker threads, with a sidebar that looks: nothing stays behind. */
import should from 'should'
import { settingsWithMemory } from '../support/held'
import { startNodeRed } from '../support/node-red'
import { redeploys } from '../support/redeploys'

describe('a flow that is deployed again and again', () => {
  it('goes on each time, and leaves no thread, timer, listener or route behind', async () => {
    const nodeRed = await startNodeRed([], undefined, settingsWithMemory)
    try {
      const { run, held, stepNow } = redeploys(nodeRed)
      await run(1)
      const before = await held()
      await run(12, 1)
      should(await stepNow()).be.aboveOrEqual(3 * 12)
      const { threads, timers, listeners, routes } = await held()
      should(routes).be.above(10)
      should({ threads, timers, listeners, routes }).eql({
        threads: 0,
        timers: before.timers,
        listeners: before.listeners,
        routes: before.routes,
      })
      should(nodeRed.output()).not.match(/\[error\]|MaxListeners|Uncaught/)
    } finally {
      await nodeRed.stop()
    }
  })
})
