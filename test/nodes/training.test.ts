/** bptt-gradient, clip-gradient, optimizer: options that change what they do, and gradients that go wrong. */
import should from 'should'
import type { Factors } from '../../src'
import { loop, type Message, withFlow } from '../support/flow'

/** What passes after one batch, by tap. */
async function once(
  settings: Parameters<typeof loop>[0],
): Promise<Record<'gradients' | 'clipped' | 'updates', Message>> {
  const seen = {} as Record<'gradients' | 'clipped' | 'updates', Message>
  await withFlow(loop({ ...settings, source: { budget: '1', ...settings?.source } }), async (flow) => {
    flow.send('source', {})
    for (const tap of ['gradients', 'clipped', 'updates'] as const) seen[tap] = await flow.next(tap)
  })
  return seen
}

/** Weights so large that everything overflows in float32: a linear cell with 1e20 on the diagonal. */
const overflowing = { activation: 'linear', hiddenSize: '2', parameters: '{"W":[[1e20,0],[0,1e20]]}' }

describe('bptt-gradient', () => {
  it('chooses the loss by the kind of target', async () => {
    const value = await once({})
    const classes = await once({ source: { task: 'temporal-order', length: '12' } })
    should(value.gradients.loss).be.below(5)
    should(classes.gradients.loss).be.approximately(Math.log(4), 0.7)
  })

  it('hands over every factor on request, and none without', async () => {
    const { gradients } = await once({ source: { batch: '1', length: '5' }, bptt: { factors: true } })
    const { losses } = (gradients.gradient as { factors: Factors }).factors
    should(losses).have.length(1)
    should(losses[0].terms.map(({ i }) => i)).eql([1, 2, 3, 4, 5])
    should((await once({})).gradients.gradient).not.have.property('factors')
  })

  for (const [threshold, value, state] of [
    ['normThreshold', '1e-6', 'exploding'],
    ['vanishingThreshold', '0.9', 'vanishing'],
    ['growthThreshold', '1.0001', 'exploding'],
  ] as const) {
    it(`has a ${threshold} that decides the state`, async () => {
      const cell = threshold === 'growthThreshold' ? { gain: '3' } : {}
      should((await once({ cell })).gradients.explosion?.state).equal('ok')
      should((await once({ cell, bptt: { [threshold]: value } })).gradients.explosion?.state).equal(state)
    })
  }

  it('sends an alert on every change of state, and none in between', () =>
    withFlow(loop({ source: { budget: '6' }, bptt: { normThreshold: '1e-6' } }), async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      const alerts = flow.taken('alerts')
      should(alerts).have.length(1)
      should(alerts[0].payload).have.properties({ state: 'exploding' })
      should((alerts[0].payload as { reasons: string[] }).reasons[0]).match(/norm .* is above 0.000001/)
      flow.send('source', { reset: true })
      await flow.next('done')
      should(flow.taken('alerts')).have.length(1)
    }))
})

describe('clip-gradient', () => {
  for (const [rule, threshold] of [
    ['global-norm', '0.01'],
    ['value', '0.001'],
  ] as const) {
    it(`limits by ${rule} to its threshold`, async () => {
      const { clip, gradient } = (await once({ clip: { rule, threshold } })).clipped
      should(clip).have.properties({ rule, clipped: true })
      should(gradient?.norm).equal(clip?.normAfter)
      if (rule === 'global-norm') should(clip?.normAfter).be.approximately(0.01, 1e-6)
      const { data } = (gradient as NonNullable<typeof gradient>).parameters.W
      should(Math.max(...new Float32Array(new Uint8Array(data).buffer).map(Math.abs))).be.belowOrEqual(
        Number(threshold) * 1.0001,
      )
    })
  }

  it('does nothing under the rule none, and says so', async () => {
    const { clip } = (await once({ clip: { rule: 'none' } })).clipped
    should(clip).have.properties({ rule: 'none', clipped: false, coefficient: 1 })
  })

  it('reads its threshold from the message', async () => {
    await withFlow(
      loop({ source: { budget: '1' }, clip: { threshold: 'limit', thresholdType: 'msg' } }),
      async (flow) => {
        flow.send('source', { limit: 0.02 })
        should((await flow.next('clipped')).clip?.normAfter).be.approximately(0.02, 1e-6)
      },
    )
  })
})

describe('optimizer', () => {
  const lengthOf = (msg: Message) => {
    const { data } = (msg.update as NonNullable<Message['update']>).parameters.W
    return Math.hypot(...new Float32Array(new Uint8Array(data).buffer))
  }

  it('takes steps as long as the learning rate says', async () => {
    const short = await once({ optimizer: { learningRate: '0.001' } })
    const long = await once({ optimizer: { learningRate: '0.01' } })
    should(lengthOf(long.updates) / lengthOf(short.updates)).be.approximately(10, 1e-3)
    should(long.updates.payload).have.properties({ learningRate: 0.01 })
  })

  it('reads its learning rate from the message', () =>
    withFlow(
      loop({ source: { budget: '1' }, optimizer: { learningRate: 'eta', learningRateType: 'msg' } }),
      async (flow) => {
        flow.send('source', { eta: 0.25 })
        should((await flow.next('updates')).update?.learningRate).equal(0.25)
      },
    ))

  for (const [rule, option, value] of [
    ['sgd', 'momentum', '0.5'],
    ['sgd', 'nesterov', true],
    ['adam', 'beta1', '0.5'],
    ['adam', 'beta2', '0.5'],
    ['adam', 'epsilon', '1'],
  ] as const) {
    it(`heeds ${option} of ${rule}`, async () => {
      const third = async (settings: object) => {
        let last: Message = {}
        await withFlow(
          loop({ source: { budget: '3' }, optimizer: { rule, momentum: '0.9', ...settings } }),
          async (flow) => {
            flow.send('source', {})
            for (let step = 0; step < 3; step++) last = await flow.next('updates')
          },
        )
        return lengthOf(last)
      }
      should(await third({ [option]: value })).not.be.approximately(await third({}), 1e-9)
    })
  }

  it('skips a gradient that is not finite, keeps the parameters, and ends after ten in a row with what to try', () =>
    withFlow(loop({ source: { budget: '' }, cell: overflowing }), async (flow) => {
      flow.send('source', {})
      const { error } = await flow.next('errors')
      should(error?.message).match(
        /^optimizer: expected a finite gradient; wire clip-gradient in .* got 10 in a row that are not: the hidden state h is not finite from step 3 on/,
      )
      await flow.settled()
      const updates = flow.taken('updates')
      should(updates).have.length(9)
      should(updates.every(({ update }) => update?.skipped && update.step === 0)).be.true()
      should(flow.taken('alerts')).have.length(10)
      const clipped = flow.taken('clipped')
      should(clipped.every(({ clip }) => clip?.nonfinite && !clip.clipped)).be.true()
      for (const { payload } of [...updates, ...clipped])
        should(JSON.parse(JSON.stringify(payload))).eql(payload)
      const versions = new Set(flow.taken('updated').map(({ cell }) => cell?.version))
      should(versions.size).equal(1)
    }))

  it('keeps its moments over a redeploy, and forgets them at a reset', () => {
    const nodes = (name: string) => loop({ source: { budget: '4' }, optimizer: { name } })
    return withFlow(nodes('a'), async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      flow.taken('updates')
      await flow.deploy(nodes('b'), 'nodes')
      flow.send('source', { reset: false })
      await flow.settled()
      await flow.deploy(loop({ source: { budget: '9' }, optimizer: { name: 'b' } }), 'nodes')
      flow.send('source', {})
      should((await flow.next('updates')).update?.step).equal(5)
      await flow.next('done')
      flow.taken('updates')
      flow.send('source', { reset: true })
      should((await flow.next('updates')).update?.step).equal(1)
    })
  })
})
