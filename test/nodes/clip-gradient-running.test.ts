/** clip-gradient: AutoClip and ZClip, which remember the norms before. */
import should from 'should'
import { clipNode, clipped, gradient, passing } from '../support/clip-flow'
import { type Message, withFlow } from '../support/flow'

const ofNorm = (norm: number, more: object = {}) => gradient({ b: [norm] }, more)

describe('clip-gradient: rules that remember', () => {
  const norms = (messages: Message[]) => messages.map(({ clip }) => clip?.normAfter)
  const thresholds = (messages: Message[]) =>
    messages.map(({ clip, payload }) => {
      should((payload as { threshold?: number }).threshold).equal(clip?.threshold)
      return clip?.threshold
    })
  const series = (...sizes: number[]) => sizes.map((size) => ofNorm(size))

  it('auto-clip shortens to a percentile of the norms so far', async () => {
    const tenth = await clipped({ rule: 'auto-clip' }, ...series(1, 11))
    should(thresholds(tenth)).eql([1, 2])
    should(norms(tenth)).eql([1, 2])
    const median = await clipped({ rule: 'auto-clip', percentile: '50' }, ...series(1, 11, 5))
    should(thresholds(median)).eql([1, 6, 5])
    should(norms(median)).eql([1, 6, 5])
    should(median[1].payload).eql({
      normBefore: 11,
      normAfter: 6,
      coefficient: 6 / 11,
      clipped: true,
      threshold: 6,
    })
  })

  it('auto-clip remembers as many as it is told, and adds its epsilon', async () => {
    const one = await clipped({ rule: 'auto-clip', historySize: '1' }, ...series(1, 11))
    should(thresholds(one)).eql([1, 11])
    const [, second] = norms(await clipped({ rule: 'auto-clip', epsilon: '9' }, ...series(1, 11)))
    should(second).be.approximately((11 * 2) / (11 + 9), 1e-12)
  })

  // a warm-up of 1 and 3: mean 2, deviation 1
  const zClip = (options: object, ...sizes: number[]) =>
    clipped({ rule: 'z-clip', warmup: '2', ...options }, ...series(1, 3, ...sizes))

  it('z-clip brings a spike back near the mean, and only a spike', async () => {
    const [first, second, calm] = await zClip({}, 4)
    for (const warm of [first, second]) should(warm.clip).not.have.property('threshold')
    should(calm.clip).have.properties({ clipped: false, threshold: 4.5 })
    // z = 10, z* = 2.5² / 10
    const [, , spike] = await zClip({}, 12)
    should(spike.clip?.normAfter).be.approximately(2 + 2.5 ** 2 / 10, 1e-12)
    should(spike.clip?.threshold).be.approximately(2 + 2.5 ** 2 / 10, 1e-12)
  })

  it('z-clip heeds its threshold, its warm-up and its epsilon', async () => {
    should((await zClip({ zThreshold: '1.5' }, 4))[2].clip?.normAfter).be.approximately(
      2 + 1.5 ** 2 / 2,
      1e-12,
    )
    should((await zClip({ warmup: '3' }, 12))[2].clip).have.property('clipped', false)
    should((await zClip({ epsilon: '1' }, 12))[2].clip?.threshold).be.approximately(2 + (2.5 * 5) / 10, 1e-12)
  })

  it('z-clip keeps the share α of its mean', async () => {
    // 3 is no spike; α = 0 makes it the mean, with no deviation left
    const [, , , after] = await zClip({ alpha: '0' }, 3, 4)
    should(after.clip?.threshold).equal(3)
    const [, , , usual] = await zClip({}, 3, 4)
    const mean = 0.97 * 2 + 0.03 * 3
    should(usual.clip?.threshold).be.approximately(
      mean + 2.5 * Math.sqrt(0.97 + 0.03 * (3 - mean) ** 2),
      1e-12,
    )
  })

  for (const alone of [true, false]) {
    it(`forget at a reset ${alone ? 'alone' : 'with a gradient'}`, () =>
      withFlow(clipNode({ rule: 'auto-clip' }), async (flow) => {
        await passing(flow, series(1, 1))
        if (alone) flow.send('clip', { reset: true })
        const [after] = await passing(flow, [ofNorm(11, alone ? {} : { reset: true })])
        const [next] = await passing(flow, [ofNorm(1)])
        should([after, next].map(({ clip }) => clip?.threshold)).eql([11, 2])
        if (!alone) should(after.reset).be.true()
      }))
  }

  it('remember nothing of a message that was refused, not even its reset', () =>
    withFlow(clipNode({ rule: 'auto-clip' }), async (flow) => {
      await passing(flow, series(1))
      flow.send('clip', { reset: true, gradient: { parameters: {} } })
      await flow.next('errors')
      should((await passing(flow, [ofNorm(11)]))[0].clip?.threshold).equal(2)
    }))

  it('are not disturbed by a gradient that is not finite', async () => {
    const [, bad, after] = await clipped({ rule: 'auto-clip' }, ...series(1, Number.POSITIVE_INFINITY, 11))
    should(bad.clip).have.properties({ nonfinite: true, clipped: false })
    should(bad.payload).have.properties({ normBefore: null, normAfter: null, coefficient: 1 })
    should(after.clip?.threshold).equal(2)
  })
})
