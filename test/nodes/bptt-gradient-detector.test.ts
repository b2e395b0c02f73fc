/** bptt-gradient: each signal of the detector with its switch and threshold, what it remembers, and its alerts. */
import should from 'should'
import type { SignalName } from '../../src'
import { type Message, withFlow } from '../support/flow'
import {
  type ChainSettings,
  gradientFlow,
  gradientOf,
  gradientsOf,
  oneUnit,
  passing,
  refusalOf,
} from '../support/gradient-flow'

const switches = {
  watchNonfinite: false,
  watchNorm: false,
  watchSpike: false,
  watchGrowth: false,
  watchVanishing: false,
  watchSlope: false,
  watchRatio: false,
}
/** Only one signal is on. */
const only = (name: keyof typeof switches, thresholds: object = {}) => ({
  ...switches,
  [name]: true,
  ...thresholds,
})

/** Twelve steps, each of which multiplies a gradient on its way back by w. */
const twelve = { payload: [new Array(12).fill([1])], target: [[0]] }
const multiplying = (w: number, bptt: object): ChainSettings => ({ parameters: oneUnit(w), bptt })

/** One step, o = x = 1, so that the gradients of U, b, V and c are all of the size asked for, and the norm is twice that. */
const ofSize = (size: number, more: object = {}) => ({ payload: [[[1]]], target: [[1 - size / 2]], ...more })
const still: ChainSettings['parameters'] = oneUnit(0)

const statesOf = (messages: Message[]) => messages.map(({ explosion }) => explosion?.state)

describe('bptt-gradient: the signals', () => {
  for (const [signal, w, bptt, state] of [
    ['norm', 0.5, only('watchNorm', { normThreshold: '0.1' }), 'exploding'],
    ['growth', 2, only('watchGrowth'), 'exploding'],
    ['growth', 1.2, only('watchGrowth', { growthThreshold: '5' }), 'exploding'],
    ['vanishing', 0.1, only('watchVanishing'), 'vanishing'],
    ['vanishing', 0.8, only('watchVanishing', { vanishingThreshold: '0.2' }), 'vanishing'],
    ['slope', 1.6, only('watchSlope'), 'exploding'],
    ['slope', 1.2, only('watchSlope', { slopeGrowthThreshold: '1.1' }), 'exploding'],
    ['slope', 0.2, only('watchSlope'), 'vanishing'],
    ['slope', 0.8, only('watchSlope', { slopeVanishingThreshold: '0.9' }), 'vanishing'],
    ['ratio', 0.1, only('watchRatio'), 'vanishing'],
    ['ratio', 0.8, only('watchRatio', { ratioThreshold: '0.5' }), 'vanishing'],
  ] as const) {
    const { [`watch${signal[0].toUpperCase()}${signal.slice(1)}` as keyof typeof switches]: _, ...rest } =
      bptt
    const thresholds = Object.entries(rest).filter(([name]) => !(name in switches))

    it(`${signal} alone makes it ${state}${thresholds.map(([name, value]) => ` with ${name} ${value}`)}`, async () => {
      const { explosion } = await gradientOf(multiplying(w, bptt), twelve)
      should(explosion?.state).equal(state)
      should(Object.keys(explosion?.signals ?? {})).eql([signal])
      should(explosion?.signals[signal]?.crossed).be.true()
    })

    if (thresholds.length > 0)
      it(`${signal} is calm at ${w} with its usual threshold`, async () => {
        const usual = { ...bptt, ...Object.fromEntries(thresholds.map(([name]) => [name, ''])) }
        should((await gradientOf(multiplying(w, usual), twelve)).explosion?.state).equal('ok')
      })
  }

  it('none is looked at when it is off, and no threshold of one that is off is read', async () => {
    const thresholds = ['norm', 'spike', 'growth', 'vanishing', 'slopeGrowth', 'slopeVanishing', 'ratio']
    const unread = Object.fromEntries(thresholds.map((name) => [`${name}Threshold`, 'x']))
    const bptt = { ...switches, ...unread, spikeFactor: 'x', spikeWarmup: 'x' }
    for (const w of [0.1, 2]) {
      const { explosion } = await gradientOf(multiplying(w, bptt), twelve)
      should(explosion).have.properties({ state: 'ok', signals: {}, reasons: [] })
    }
  })

  it('a number that is not finite is told, and not when that is off', async () => {
    const calm = await gradientOf(multiplying(1, only('watchNonfinite')), twelve)
    should(calm.explosion).have.property('state', 'ok')
    const on = await gradientOf(multiplying(1e200, only('watchNonfinite')), twelve)
    should(on.explosion).have.property('state', 'nonfinite')
    const off = await gradientOf(multiplying(1e200, switches), twelve)
    should(off.explosion).have.property('state', 'ok')
    should(off.explosion?.nonfinite).eql(on.explosion?.nonfinite)
    should(off.payload).have.property('loss', null)
  })

  it('all signals are on in a flow that does not say', async () => {
    const { explosion } = await gradientOf(multiplying(0.9, {}), twelve)
    const all: SignalName[] = ['nonfinite', 'norm', 'growth', 'vanishing', 'slope', 'ratio']
    should(Object.keys(explosion?.signals ?? {}).sort()).eql(all.sort())
  })

  for (const [bptt, says] of [
    [{ normThreshold: '0' }, /expected normThreshold to be a number above 0, got 0/],
    [{ growthThreshold: 'x' }, /expected growth threshold to be a number, got the text "x"/],
    [{ leaveBelow: '2' }, /expected leaveBelow to be a number above 0 up to 1, got 2/],
  ] as const)
    it(`refuses ${JSON.stringify(bptt)} with what it expects`, async () => {
      should(await refusalOf(multiplying(1, bptt), twelve)).match(says)
    })
})

describe('bptt-gradient: spikes', () => {
  /** z of the last of several gradients, after a warm-up of two. */
  const lastZ = async (sizes: number[], options: object) => {
    const bptt = only('watchSpike', { spikeWarmup: '2', ...options })
    const seen = await gradientsOf(
      { parameters: still, bptt },
      sizes.map((size) => ofSize(size)),
    )
    return seen[seen.length - 1].explosion?.signals.spike
  }

  it('are told by z of the logarithm, 0.4 being the least deviation', async () => {
    const spike = await lastZ([1, 1, 5], {})
    should(spike?.value).be.approximately(Math.log(5) / 0.4, 1e-9)
    should(spike).have.properties({ threshold: 4, crossed: true })
    should(await lastZ([1, 1, 4.9], {})).have.property('crossed', false)
  })

  it('by the threshold that is asked for', async () => {
    should(await lastZ([1, 1, 5], { spikeThreshold: '5' })).have.properties({
      threshold: 5,
      crossed: false,
    })
  })

  it('not in the warm-up', async () => {
    should(await lastZ([1, 1, 1.5], { spikeWarmup: '3' })).equal(undefined)
  })

  it('against a mean that keeps the share of itself that is asked for', async () => {
    should((await lastZ([1, 1, 1.3, 1.3], { spikeFactor: '0' }))?.value).be.approximately(0, 1e-9)
    const kept = Math.log(1.3) * 0.97
    should((await lastZ([1, 1, 1.3, 1.3], {}))?.value).be.approximately(kept / 0.4, 1e-9)
  })
})

describe('bptt-gradient: what the detector remembers', () => {
  const afterOne = (calm: number, count: number) =>
    [1000, ...new Array(count).fill(calm)].map((size) => ofSize(size))
  const settings = (options: object): ChainSettings => ({
    parameters: still,
    bptt: only('watchNorm', options),
  })

  it('holds exploding until five gradients in a row were calm', async () => {
    should(statesOf(await gradientsOf(settings({}), afterOne(1, 6)))).eql([
      ...new Array(5).fill('exploding'),
      'ok',
      'ok',
    ])
  })

  it('or as many as it is told', async () => {
    should(statesOf(await gradientsOf(settings({ leaveAfter: '2' }), afterOne(1, 3)))).eql([
      'exploding',
      'exploding',
      'ok',
      'ok',
    ])
  })

  it('calls calm what is below the score that it is told', async () => {
    // a norm of 20 has the score 1 + log10(20 / 100) = 0.3
    const options = { leaveAfter: '1' }
    should(statesOf(await gradientsOf(settings(options), afterOne(10, 1)))).eql(['exploding', 'ok'])
    should(statesOf(await gradientsOf(settings({ ...options, leaveBelow: '0.2' }), afterOne(10, 1)))).eql([
      'exploding',
      'exploding',
    ])
  })

  it('forgets at a reset, with a gradient or alone', async () => {
    const [, after] = await gradientsOf(settings({}), [ofSize(1000), ofSize(1, { reset: true })])
    should(after.explosion?.state).equal('ok')
    await withFlow(gradientFlow(settings({})), async (flow) => {
      await passing(flow, [ofSize(1000)])
      flow.send('bptt', { reset: true })
      should(statesOf(await passing(flow, [ofSize(1)]))).eql(['ok'])
    })
  })

  it('remembers nothing of a message that was refused, not even its reset', () =>
    withFlow(gradientFlow(settings({})), async (flow) => {
      await passing(flow, [ofSize(1000)])
      flow.send('cell', { ...ofSize(1, { reset: true }), target: [[1], [2]] })
      await flow.next('errors')
      should(statesOf(await passing(flow, [ofSize(1)]))).eql(['exploding'])
    }))

  it('sends an alert on every change of state, and for each gradient that is not finite', () =>
    withFlow(gradientFlow({ ...settings({ leaveAfter: '1', watchNonfinite: true }) }), async (flow) => {
      await passing(flow, [
        ofSize(1, { topic: 'mine' }),
        ofSize(1000, { topic: 'mine' }),
        ofSize(1000),
        ofSize(1),
      ])
      await flow.settled()
      const alerts = flow.taken('alerts')
      should(alerts.map(({ payload }) => (payload as { state: string }).state)).eql(['exploding', 'ok'])
      should(alerts[0]).have.property('topic', 'mine')
      const [first] = (alerts[0].payload as { reasons: string[] }).reasons
      should(first).match(/the gradient's norm 2000 is above 100/)
      const huge = { payload: [[[1e300]]], target: [[-1e300]] }
      await passing(flow, [huge, huge, ofSize(1)])
      await flow.settled()
      should(flow.taken('alerts').map(({ payload }) => payload)).containDeepOrdered([
        { state: 'nonfinite', norm: null },
        { state: 'nonfinite', norm: null },
        { state: 'ok' },
      ])
    }))
})
