/** What the sidebar asks of a real Node-RED: who may ask, what comes, and that nothing is left of what is gone. */

import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import should from 'should'
import type { LoopDigest } from '../../nodes/watch/wire'
import { root } from '../../scripts/assets'
import { example, type NodeRed, startNodeRed } from '../support/node-red'

const endless = example('4 many-to-many').map((node) =>
  node.type === 'sequence-source' ? { ...node, budget: '' } : node,
)

describe('the routes of the sidebar', () => {
  let nodeRed: NodeRed
  before(async () => {
    nodeRed = await startNodeRed(endless, undefined, resolve(root, 'test/support/settings-with-users.cjs'))
  })
  after(() => nodeRed.stop())

  const ask = (path: string, as?: string, body?: object, method = body ? 'POST' : 'GET') =>
    fetch(`${nodeRed.url}/${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(as && { authorization: `Bearer ${as}` }),
        ...(method !== 'GET' && path === 'flows' && { 'Node-RED-Deployment-Type': 'full' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
  const loopNow = async () =>
    (await (await ask('recurrent/loops/sine-cell', 'reader')).json()) as LoopDigest | null
  const waitFor = async (holds: (loop: LoopDigest | null) => boolean) => {
    for (;;) {
      const loop = await loopNow()
      if (holds(loop)) return loop
      await wait(100)
    }
  }
  const pause = { control: 'pause' }

  for (const [path, body] of [
    ['recurrent/look', { loops: ['sine-cell'] }],
    ['recurrent/loops/sine-cell', undefined],
    ['recurrent/loops/sine-cell/weights', undefined],
    ['recurrent/sources/sine-source', pause],
    ['recurrent/preview', { task: 'sine' }],
  ] as const)
    it(`nobody is told anything who has not logged in: ${path}`, async () => {
      should((await ask(path, undefined, body)).status).equal(401)
    })

  it('who may only read sees everything, and controls nothing', async () => {
    should((await ask('recurrent/look', 'reader', { loops: ['sine-cell'] })).status).equal(200)
    await waitFor((loop) => (loop?.points.length ?? 0) > 10)
    for (const view of ['credit', 'sum', 'weights', 'check']) {
      const answer = await ask(`recurrent/loops/sine-cell/${view}`, 'reader')
      should(answer.status).equal(200)
      should(await answer.json())
        .have.property('step')
        .above(0)
    }
    should((await ask('recurrent/sources/sine-source', 'reader', pause)).status).equal(401)
    const { progress } = (await loopNow()) as LoopDigest
    should(progress.paused).be.false()
  })

  it('who may write holds the training, and lets it go on', async () => {
    should((await ask('recurrent/sources/sine-source', 'writer', pause)).status).equal(200)
    const held = await waitFor((loop) => loop?.progress.paused === true)
    await wait(300)
    should((await loopNow())?.progress.step).be.belowOrEqual((held?.progress.step ?? 0) + 1)
    await ask('recurrent/sources/sine-source', 'writer', { control: 'resume' })
    await waitFor((loop) => (loop?.progress.step ?? 0) > (held?.progress.step ?? 0) + 5)
  })

  it('a preview reads no file for who may only read', async () => {
    const file = { task: 'dataset', from: 'file', file: 'data/daily-min-temperatures.csv', fileType: 'str' }
    const made = await ask('recurrent/preview', 'reader', { task: 'sine' })
    should(made.status).equal(200)
    should(await made.json()).not.have.property('error')
    should(await (await ask('recurrent/preview', 'writer', file)).json()).not.have.property('error')
    should((await ask('recurrent/preview', 'reader', file)).status).equal(401)
  })

  for (const [path, body, says] of [
    ['recurrent/look', { loops: 'all' }, /ids of rnn-cells/],
    ['recurrent/look', { loops: [1] }, /ids of rnn-cells/],
    ['recurrent/loops/sine-cell/__proto__', undefined, /the view to be one of/],
    ['recurrent/sources/sine-source', { control: 'explode' }, /control to be one of/],
    ['recurrent/sources/sine-cell', pause, /sequence-source, got one of rnn-cell/],
    ['recurrent/sources/nobody', pause, /got no node/],
  ] as const)
    it(`says in words what is wrong: ${path} ${JSON.stringify(body ?? '')}`, async () => {
      const answer = await ask(path, 'writer', body)
      should(answer.status).equal(400)
      should(((await answer.json()) as { error: string }).error).match(says)
    })

  it('a deploy without the loop leaves nothing of it, and ten deploys leave it as it was', async () => {
    for (let turn = 0; turn < 10; turn++) {
      should((await ask('flows', 'writer', endless)).status).be.below(300)
      await wait(50)
    }
    await ask('recurrent/sources/sine-source', 'writer', { control: 'reset' })
    await waitFor((loop) => (loop?.points.length ?? 0) > 3)
    should((await ask('flows', 'writer', [{ id: 'empty', type: 'tab', label: 'empty' }])).status).be.below(
      300,
    )
    await waitFor((loop) => loop === null)
    should(await (await ask('recurrent/loops/sine-cell/credit', 'reader')).json()).be.null()
    should(nodeRed.output()).not.match(/\[error\]|MaxListeners/)
  })
})
