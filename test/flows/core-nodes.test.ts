/** What people put behind our nodes in a real Node-RED: predictions by HTTP, and a debug node that shows the whole message. */
import should from 'should'
import { shouldBeClose } from '../support/close'
import { type NodeRed, startNodeRed } from '../support/node-red'
import { predicted, sameCell } from '../support/unroll-flow'

/** As many answers as nobody makes before they are looked at. */
const readings = Array.from({ length: 20 }, (_, t) => Math.sin(t))
const expected = predicted(sameCell(), readings, { topology: 'many-to-many' }) as number[][]

/** A network of its own on the tab; what comes out goes to the named nodes, the first of which gets no copy. */
const network = (name: string, behind: string[]) => [
  {
    id: `${name}-cell`,
    type: 'rnn-cell',
    z: 'tab',
    inputSize: '1',
    hiddenSize: '4',
    outputSize: '1',
    precision: 'float64',
    wires: [[`${name}-unroll`], [], []],
  },
  { id: `${name}-unroll`, type: 'unroll', z: 'tab', topology: 'many-to-many', wires: [behind] },
]
const asked = (url: string, to: string) => ({
  id: `in${url}`,
  type: 'http in',
  z: 'tab',
  url,
  method: 'post',
  wires: [[to]],
})
const debug = (id: string, complete: string) => ({
  id,
  type: 'debug',
  z: 'tab',
  name: `what is ${id}`,
  active: true,
  tosidebar: true,
  console: true,
  complete,
  wires: [],
})

describe('behind our nodes', () => {
  let nodeRed: NodeRed
  before(async () => {
    nodeRed = await startNodeRed([
      { id: 'tab', type: 'tab', label: 'test' },
      asked('/first', 'first-cell'),
      ...network('first', ['answer', 'seen']),
      asked('/second', 'second-cell'),
      ...network('second', ['seen', 'answer']),
      { id: 'answer', type: 'http response', z: 'tab', wires: [] },
      debug('seen', 'payload'),
      {
        id: 'ask',
        type: 'inject',
        z: 'tab',
        props: [{ p: 'payload' }],
        payload: JSON.stringify(readings),
        payloadType: 'json',
        wires: [['third-cell']],
      },
      ...network('third', ['whole']),
      debug('whole', 'true'),
    ])
  })
  after(() => nodeRed.stop())

  for (const url of ['/first', '/second'])
    it(`an HTTP response and a debug node show the predictions: ${url}`, async () => {
      const answer = await fetch(nodeRed.url + url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(readings),
      })
      should(answer.status).equal(200)
      shouldBeClose(await answer.json(), expected)
    })

  it('a debug node shows them to the console', async () => {
    const [, first] = await nodeRed.prints(/\[debug:what is seen\]\s*\[\s*\[\s*(-?[\d.e-]+)\s*\]/)
    should(Number(first)).be.approximately(expected[0][0], 1e-12)
  })

  it('a debug node shows the whole message with them', async () => {
    await fetch(`${nodeRed.url}/inject/ask`, { method: 'POST' })
    const [, first] = await nodeRed.prints(/\[debug:what is whole\][^[]*payload: \[\s*\[\s*(-?[\d.e-]+)\s*\]/)
    should(Number(first)).be.approximately(expected[0][0], 1e-12)
    should(nodeRed.output()).not.match(/Getter/)
  })
})
