/** The status of a node: what is shown, how often, and that nobody pays for what is not. */
import type { Node } from 'node-red'
import should from 'should'
import { statusDisplay } from '../../nodes/common/status'

/** A node that shows, and whoever waits for the next thing shown. */
function display() {
  const shown: object[] = []
  let arrived = () => {}
  const node = {
    status(status: object) {
      shown.push(status)
      arrived()
    },
  } as unknown as Node
  const next = () =>
    new Promise<void>((resolve) => {
      arrived = resolve
    })
  return { status: statusDisplay(node), shown, next }
}

describe('the status display', () => {
  it('shows the first text at once, then the latest of many, and puts only these two into words', async () => {
    const { status, shown, next } = display()
    let worded = 0
    for (let count = 1; count <= 1000; count++)
      status.working(() => {
        worded++
        return `step ${count}`
      })
    should(shown).eql([{ fill: 'blue', shape: 'ring', text: 'step 1' }])
    should(worded).equal(1)
    await next()
    should(shown.slice(1)).eql([{ fill: 'blue', shape: 'ring', text: 'step 1000' }])
    should(worded).equal(2)
    status.close()
  })

  it('shows an error at once, and drops what waited', async () => {
    const { status, shown, next } = display()
    status.ready(() => 'one')
    status.ready(() => 'two')
    status.error(() => 'wrong')
    should(shown.slice(1)).eql([{ fill: 'red', shape: 'dot', text: 'wrong' }])
    status.vanishing(() => 'three')
    await next()
    should(shown.slice(2)).eql([{ fill: 'yellow', shape: 'ring', text: 'three' }])
    status.close()
  })

  it('does not show the same twice', async () => {
    const { status, shown, next } = display()
    status.exploding(() => 'same')
    status.exploding(() => 'same')
    await new Promise((resolve) => setTimeout(resolve, 600))
    should(shown).have.length(1)
    status.exploding(() => 'other')
    if (shown.length < 2) await next()
    should(shown).have.length(2)
    status.close()
  })

  it('shows nothing once it is closed', async () => {
    const { status, shown } = display()
    status.ready(() => 'one')
    status.ready(() => 'two')
    status.close()
    status.ready(() => 'three')
    status.error(() => 'four')
    await new Promise((resolve) => setTimeout(resolve, 600))
    should(shown).eql([{ fill: 'green', shape: 'dot', text: 'one' }])
  })
})
