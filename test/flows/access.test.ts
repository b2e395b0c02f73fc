/**
 * Who may ask what, in a real Node-RED with users: every route that this package adds, as the router itself tells them, and
 * the socket by which digests come.
 */
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import should from 'should'
import { digestTopic } from '../../nodes/watch/wire'
import { root } from '../../scripts/assets'
import { example, type NodeRed, startNodeRed } from '../support/node-red'

const settings = resolve(root, 'test/support/settings-with-routes.cjs')
const endless = example('4 many-to-many').map((node) =>
  node.type === 'sequence-source' ? { ...node, budget: '' } : node,
)

/** Routes that change nothing though they are no GET: what is asked is in the body. */
const onlyAsk = ['POST /recurrent/look', 'POST /recurrent/preview']

type Routes = Record<'admin' | 'node', string[]>
const routesOf = async ({ url }: NodeRed) => (await (await fetch(`${url}/all-routes`)).json()) as Routes

describe('with users', () => {
  let nodeRed: NodeRed
  let added: Routes
  before(async () => {
    const without = await startNodeRed([], () => undefined, settings)
    const known = await routesOf(without)
    await without.stop()
    nodeRed = await startNodeRed(endless, undefined, settings)
    const all = await routesOf(nodeRed)
    const isNew = (where: keyof Routes) => (route: string) => !known[where].includes(route)
    added = { admin: all.admin.filter(isNew('admin')), node: all.node.filter(isNew('node')) }
  })
  after(() => nodeRed.stop())

  const statusOf = async (route: string, as?: string, body: object = { task: 'sine' }) => {
    const [method, path] = route.split(' ')
    const answer = await fetch(nodeRed.url + path.replaceAll(/:\w+/g, 'sine-cell'), {
      method,
      headers: { 'content-type': 'application/json', ...(as && { authorization: `Bearer ${as}` }) },
      ...(method !== 'GET' && { body: JSON.stringify(body) }),
    })
    await answer.text()
    return answer.status
  }
  const passes = async (route: string, as: string) => (await statusOf(route, as)) !== 401

  it('the package adds routes for the editor, none for everybody and none that answers to all under a path', () => {
    should(added.admin.length).be.above(4)
    should(added.admin.filter((route) => route.startsWith('USE'))).eql([])
    should(added.node).eql([])
  })

  it('nobody is told anything who has not logged in, or who may deploy but has no permission of recurrent', async () => {
    for (const route of added.admin) {
      should(await statusOf(route)).equal(401, route)
      should(await statusOf(route, 'unheard-of')).equal(401, route)
      should(await statusOf(route, 'stranger')).equal(401, route)
    }
  })

  it('each route needs recurrent.read, or recurrent.write if it changes anything', async () => {
    for (const route of added.admin) {
      const isHarmless = route.startsWith('GET ') || onlyAsk.includes(route)
      should(await passes(route, 'looking')).equal(isHarmless, route)
      should(await passes(route, 'training')).equal(!isHarmless, route)
    }
  })

  it('who may read everything sees all and controls nothing; who may write does both', async () => {
    for (const route of added.admin) {
      const isHarmless = route.startsWith('GET ') || onlyAsk.includes(route)
      should(await passes(route, 'reader')).equal(isHarmless, route)
      should(await passes(route, 'writer')).be.true(route)
    }
  })

  /** A socket of an editor, and what came by it; `first` is what it says when it is open. */
  const socketThatSays = async (first?: object) => {
    const socket = new WebSocket(`${nodeRed.url.replace('http', 'ws')}/comms`)
    let came = ''
    socket.addEventListener('message', ({ data }) => {
      came += data
    })
    await new Promise((opened) => socket.addEventListener('open', opened))
    if (first) socket.send(JSON.stringify(first))
    return { came: () => came, close: () => socket.close() }
  }

  it('digests come by the socket to who has logged in, and to nobody else', async () => {
    const silent = await socketThatSays()
    const asking = await socketThatSays({ subscribe: `${digestTopic.split('/')[0]}/#` })
    const lying = await socketThatSays({ auth: 'unheard-of' })
    const reader = await socketThatSays({ auth: 'reader' })
    await statusOf('POST /recurrent/look', 'reader', { loops: ['sine-cell'] })
    while (reader.came().split(digestTopic).length < 5) await wait(50)
    for (const socket of [silent, asking, lying]) should(socket.came()).not.containEql(digestTopic)
    for (const socket of [silent, asking, lying, reader]) socket.close()
  })
})
