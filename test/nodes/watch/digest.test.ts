/** What is told of a loop: little, however large the network; and as often as five times a second. */
import { setTimeout as wait } from 'node:timers/promises'
import should from 'should'
import { digestOf, wholeOf } from '../../../nodes/watch/digest'
import { addRecent } from '../../../nodes/watch/loop'
import { publisher } from '../../../nodes/watch/publisher'
import type { LoopDigest } from '../../../nodes/watch/wire'
import { batchOf, loopWith } from '../../support/loops'

const goesOn = () => ({ paused: false, done: false })
const most = 32 * 1024

describe('a digest', () => {
  it('says each step once, in order, with the figures of the step', () => {
    const loop = loopWith(batchOf({}, { steps: 5 }), 10)
    const first = digestOf(loop, goesOn)
    should(first.points.map(([step]) => step)).eql([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    should(first.points[1]).eql([2, 0.6173, 4.938, 1, 0.001])
    should(digestOf(loop, goesOn).points).eql([])
    should(digestOf(loop, goesOn).number).equal(first.number + 2)
  })

  it('of a fast training says at most 48 steps and the last, and the whole at most 1000', () => {
    const loop = loopWith(batchOf({}, { steps: 5 }), 20_000)
    const { points } = digestOf(loop, goesOn)
    should(points.length).be.within(24, 49)
    should(points.at(-1)?.[0]).equal(20_000)
    should(wholeOf(loop, goesOn).points.length).be.within(500, 1001)
  })

  it('says of many steps the largest of each stretch', () => {
    const batch = batchOf({}, { steps: 1000 })
    const { through } = digestOf(loopWith(batch, 1), goesOn)
    const { stride = 0, terms } = through ?? {}
    should(stride).be.above(1)
    const W = batch.gradient.terms.W
    should(terms?.W[3]).equal(Number(Math.max(...W.slice(3 * stride, 4 * stride)).toPrecision(4)))
    should(terms?.W).have.length(Math.ceil(1000 / stride))
  })

  it('says null for what is not finite, and keeps it among many steps', () => {
    const batch = batchOf({}, { steps: 1000 })
    const W = batch.gradient.terms.W.map((value, index) => (index === 500 ? Number.NaN : value))
    const lost = { ...batch, gradient: { ...batch.gradient, terms: { ...batch.gradient.terms, W } } }
    const { through } = digestOf(loopWith(lost, 1), goesOn)
    const { stride = 1, terms } = through ?? {}
    should(terms?.W.indexOf(null)).equal(Math.floor(500 / stride))
    should(terms?.W.filter((value) => value === null)).have.length(1)
  })

  it('tells the largest networks and the longest sequences of three loops in less than 32 kB', () => {
    const batch = batchOf(
      { type: 'lstm', layers: 8, bidirectional: true, peepholes: true, hiddenSize: 2 },
      { steps: 2000 },
    )
    const loops = ['a', 'b', 'c'].map((id) => {
      const loop = loopWith(batch, 5000, id.repeat(16))
      const reasons = new Array(10).fill('the gradient grew '.repeat(40))
      loop.batch = { ...batch, explosion: { ...batch.explosion, reasons, span: [1, 2000] } }
      for (let index = 0; index < 600; index++) {
        addRecent(loop.validations, [index, 0.123456789, 0.987654321, 0.5])
        addRecent(loop.alerts, [index, 'vanishing'])
      }
      return loop
    })
    const digests = loops.map((loop) => digestOf(loop, goesOn, 1 / loops.length))
    should(JSON.stringify([{ topic: 'recurrent/digest', data: digests }]).length).be.below(most)
    should(JSON.stringify(digestOf(loopWith(batch, 5000), goesOn)).length).be.below(most)
  })
})

describe('the publisher', () => {
  it('sends at most five messages a second, of three loops at most, and the last change of each', async () => {
    const batch = batchOf({}, { steps: 3 })
    const loops = ['a', 'b', 'c', 'd', 'e'].map((id) => loopWith(batch, 1, id))
    const sent: LoopDigest[][] = []
    const { touch, publishBy } = publisher(goesOn)
    publishBy((digests) => sent.push(digests))
    const begun = performance.now()
    for (let step = 2; performance.now() - begun < 700; step++) {
      for (const loop of loops) {
        loop.step = step
        touch(loop)
      }
      await wait(1)
    }
    await wait(900)
    should(sent.length).be.belowOrEqual(1 + Math.ceil((performance.now() - begun) / 200))
    should(sent.every((digests) => digests.length <= 3)).be.true()
    for (const { id, step } of loops)
      should(sent.flat().findLast((digest) => digest.id === id)?.progress.step).equal(step)
  })

  it('does nothing where nobody takes messages', () => {
    const loop = loopWith(batchOf({}, { steps: 3 }), 1)
    publisher(goesOn).touch(loop)
    should(loop.digests).equal(0)
  })
})
