/** The example for a dashboard, with function nodes in the place of its charts: what they would draw. */
import should from 'should'
import { example, startNodeRed } from '../support/node-red'

const flow = example('dashboard/training on a dashboard')

describe('the example for a dashboard', () => {
  it('gives its charts small points, that of the loss with a curve that falls', async () => {
    const isOfDashboard = ({ type }: Record<string, unknown>) => String(type).startsWith('ui-')
    const nodes = flow
      .filter((node) => !isOfDashboard(node) || 'z' in node)
      .map((node) =>
        isOfDashboard(node)
          ? { ...node, type: 'function', outputs: 0, func: 'node.log(JSON.stringify(msg))' }
          : node,
      )
    const nodeRed = await startNodeRed(nodes)
    try {
      // until step 1000, which is some seconds of five points each
      await nodeRed.prints(/\[function:Gradient norm\] .*"x":\d{4},/)
      const of = (chart: string): { x: number; y: number }[] =>
        [...nodeRed.output().matchAll(new RegExp(`\\[function:${chart}\\] (.*)`, 'g'))].map(([, said]) => {
          const { _msgid, topic, payload, ...rest } = JSON.parse(said)
          should(topic).equal(chart === 'Loss' ? 'loss' : 'gradient norm')
          should(rest).eql({})
          should(Object.keys(payload)).eql(['x', 'y'])
          return payload
        })
      const [losses, norms] = [of('Loss'), of('Gradient norm')]
      should(losses.length).be.above(3)
      for (const points of [losses, norms])
        points.forEach(({ x, y }, place) => {
          should(Number.isFinite(y)).be.true()
          should(x).be.above(place === 0 ? 0 : points[place - 1].x)
        })
      should(losses[losses.length - 1].y).be.below(losses[0].y)
      should(nodeRed.output()).not.match(/\[error\]/)
    } finally {
      await nodeRed.stop()
    }
  })

  it('says which package it needs, in a comment and in its name', () => {
    const comment = flow.find(({ type }) => type === 'comment') as { name: string; info: string }
    for (const text of [comment.name, comment.info]) should(text).match(/@flowfuse\/node-red-dashboard/)
    should([...new Set(flow.map(({ type }) => String(type)).filter((type) => type.startsWith('ui-')))]).eql([
      'ui-chart',
      'ui-group',
      'ui-page',
      'ui-base',
      'ui-theme',
    ])
  })
})
