/** A detector over a run of gradients: hysteresis, and going on from a saved state. */
import fc from 'fast-check'
import should from 'should'
import {
  type Detector,
  type DetectorOptions,
  type DetectorState,
  detectExplosion,
  detector,
  type Observed,
} from '../../../src/bptt-gradient/detector'
import '../../support/fast-check'
import { throwsExpected } from '../../support/throws'

const gradient = (rest: Partial<Observed> = {}): Observed => ({
  norm: 1,
  carry: [],
  growth: [],
  terms: {},
  ...rest,
})
const withNorm = (norm: number) => gradient({ norm })
const nonfinite = gradient({ norm: Number.NaN, nonfinite: { tensor: 'h', step: 3 } })
const states = (watcher: Detector, gradients: Observed[]) =>
  gradients.map((each) => watcher.observe(each).state)
const changes = (seen: string[]) =>
  seen.filter((state, index) => index > 0 && state !== seen[index - 1]).length
const run = (count: number, norm: number) => new Array(count).fill(withNorm(norm))
/** spikes are another matter */
const steady: DetectorOptions = { enable: { spike: false } }

describe('a detector', () => {
  it('says of its first gradient what detectExplosion says', () => {
    for (const each of [
      withNorm(3),
      withNorm(300),
      nonfinite,
      gradient({ carry: [Math.log(1e-9)] }),
      gradient({ carry: [9] }),
    ])
      should(detector().observe(each)).eql(detectExplosion(each))
  })

  it('is exploding at once, and ok again after five calm gradients in a row', () => {
    const watcher = detector(steady)
    should(states(watcher, [...run(2, 1), ...run(1, 101), ...run(6, 1)])).eql([
      ...['ok', 'ok'],
      ...new Array(5).fill('exploding'),
      ...['ok', 'ok'],
    ])
  })

  it('says why it still holds, without a span', () => {
    const watcher = detector(steady)
    watcher.observe(gradient({ carry: [9] }))
    watcher.observe(gradient())
    const { state, reasons, ...rest } = watcher.observe(gradient())
    should({ state, reasons }).eql({
      state: 'exploding',
      reasons: ['exploding before, and calm for only 2 of 5 gradients since'],
    })
    should(rest).containEql({ score: 0 }).and.not.have.property('span')
  })

  it('counts anew when it is not clearly calm', () => {
    // the score of 60 is 0.78, of 45 it is 0.65
    const watcher = detector(steady)
    const seen = states(watcher, [...run(1, 101), ...run(4, 45), ...run(1, 60), ...run(5, 45)])
    should(seen).eql([...new Array(10).fill('exploding'), 'ok'])
  })

  it('leaves below the score and after as many gradients as it is told', () => {
    const leaves = (options: DetectorOptions, norm: number) =>
      states(detector({ ...steady, ...options }), [...run(1, 101), ...run(9, norm)]).indexOf('ok')
    should(leaves({}, 60)).equal(-1)
    should(leaves({ leaveBelow: 0.8 }, 60)).equal(5)
    should(leaves({ leaveBelow: 0.6 }, 45)).equal(-1)
    should(leaves({ leaveAfter: 1 }, 1)).equal(1)
    should(leaves({ leaveAfter: 9 }, 1)).equal(9)
  })

  it('remembers exploding and vanishing apart from each other', () => {
    const vanishing = gradient({ carry: [Math.log(1e-9)] })
    const watcher = detector(steady)
    const seen = [withNorm(101), ...new Array(6).fill(vanishing), ...run(5, 1)].map((each) =>
      watcher.observe(each),
    )
    should(seen.map(({ state }) => state)).eql([
      ...new Array(5).fill('exploding'),
      ...new Array(6).fill('vanishing'),
      'ok',
    ])
    should(seen[1].reasons).eql([
      'exploding before, and calm for only 1 of 5 gradients since',
      'from step 2 back to 1 the gradient shrinks 10^9.0-fold',
    ])
    should(seen[1]).not.have.property('span')
    should(seen[5].span).eql([1, 2])
  })

  it('is nonfinite for as long as the gradients are, and then what it was', () => {
    should(states(detector(steady), [withNorm(1), nonfinite, nonfinite, withNorm(1)])).eql([
      'ok',
      'nonfinite',
      'nonfinite',
      'ok',
    ])
    for (const [state, first] of [
      ['exploding', withNorm(101)],
      ['vanishing', gradient({ carry: [Math.log(1e-9)] })],
    ] as const) {
      const seen = states(detector(steady), [first, ...run(4, 1), nonfinite, ...run(5, 1)])
      should(seen).eql([...new Array(5).fill(state), 'nonfinite', ...new Array(4).fill(state), 'ok'])
    }
  })

  it('stays what it is over one that is not finite when that is switched off', () => {
    const watcher = detector({ enable: { nonfinite: false } })
    should(states(watcher, [withNorm(1), nonfinite, withNorm(101), nonfinite])).eql([
      'ok',
      'ok',
      'exploding',
      'exploding',
    ])
  })

  it('hands on what is known of the spectrum, which changes nothing', () => {
    const spectral = { sigmaMaxGamma: 5, verdict: 'may explode' }
    const { spectral: told, ...rest } = detector().observe(withNorm(1), { spectral })
    should(told).eql(spectral)
    should(rest).eql(detector().observe(withNorm(1)))
    const infinite = { ...spectral, sigmaMaxGamma: Number.POSITIVE_INFINITY }
    should(detector().observe(nonfinite, { spectral: infinite }).spectral).eql({
      ...spectral,
      sigmaMaxGamma: null,
    })
  })
})

describe('a detector does not flap', () => {
  /** a value around a threshold: 20 % up and down */
  const noise = fc.array(fc.double({ min: 0.8, max: 1.2, noNaN: true }), { minLength: 50, maxLength: 200 })
  const steps = Array.from({ length: 20 }, (_, index) => index)
  const around: Record<string, (noise: number) => Observed> = {
    'the norm': (factor) => withNorm(100 * factor),
    'a growing span': (factor) => gradient({ carry: [Math.log(1000 * factor)] }),
    'a growing span, in log scale': (factor) => gradient({ carry: [Math.log(1000) * factor] }),
    'a shrinking span': (factor) => gradient({ carry: [Math.log(1e-7 * factor)] }),
    'a shrinking span, in log scale': (factor) => gradient({ carry: [Math.log(1e-7) * factor] }),
    'a rising slope, in log scale': (factor) =>
      gradient({ growth: steps.map((step) => -step * Math.log(1.5) * factor) }),
    'a falling slope': (factor) => gradient({ growth: steps.map((step) => -step * Math.log(0.25 * factor)) }),
    'the ratio': (factor) => gradient({ terms: { W: [1e-7 * factor, 1, 1, 1] } }),
  }
  for (const [name, make] of Object.entries(around))
    it(`when ${name} is noisy around its threshold`, () => {
      fc.assert(
        fc.property(noise, (factors) => {
          should(changes(states(detector(), factors.map(make)))).be.belowOrEqual(1)
        }),
      )
    })

  it('as it would without hysteresis', () => {
    const factors = Array.from({ length: 50 }, (_, index) => 1 + 0.2 * Math.sin(index))
    const without = detector({ ...steady, leaveBelow: 1, leaveAfter: 1 })
    should(changes(states(without, factors.map(around['the norm'])))).be.above(10)
  })

  it('changes back at most once in six gradients, whatever comes', () => {
    const anything = fc.array(fc.double({ min: -3, max: 8, noNaN: true }), { minLength: 60, maxLength: 200 })
    fc.assert(
      fc.property(anything, (decades) => {
        const seen = states(
          detector(),
          decades.map((decade) => withNorm(10 ** decade)),
        )
        seen.forEach((state, index) => {
          if (index > 0 && state === 'exploding' && seen[index - 1] === 'ok')
            should(seen.slice(index, index + 5).every((each) => each === 'exploding')).be.true()
        })
      }),
    )
  })
})

describe('the state of a detector', () => {
  const anyGradient = fc.oneof(
    fc.double({ min: 1e-3, max: 1e4, noNaN: true }).map(withNorm),
    fc.double({ min: -20, max: 20, noNaN: true }).map((log) => gradient({ carry: [log] })),
    fc.constant(nonfinite),
  )
  const options: DetectorOptions = { spikeWarmup: 5, leaveAfter: 3 }

  it('goes through JSON, and goes on bit for bit', () => {
    fc.assert(
      fc.property(fc.array(anyGradient), fc.array(anyGradient), (before, after) => {
        const whole = detector(options)
        states(whole, before)
        const saved: DetectorState = JSON.parse(JSON.stringify(whole.state()))
        const rest = detector(options, saved)
        should(after.map((each) => rest.observe(each))).eql(after.map((each) => whole.observe(each)))
        should(rest.state()).eql(whole.state())
      }),
    )
  })

  it('is a value: going on does not change it', () => {
    const watcher = detector(options)
    const saved = watcher.state()
    const copy = structuredClone(saved)
    states(watcher, [withNorm(1e3), withNorm(5)])
    should(saved).eql(copy)
  })

  it('is checked', () => {
    const { spike, exploding, vanishing } = detector().state()
    const wrong: [unknown, string][] = [
      [{}, 'expected spike.count of the state to be a whole number from 0, got undefined'],
      [
        { spike: { ...spike, mean: null }, exploding, vanishing },
        'expected spike.mean of the state to be a number, got null',
      ],
      [
        { spike: { ...spike, variance: -1 }, exploding, vanishing },
        'expected spike.variance of the state to be a number from 0, got -1',
      ],
      [{ spike, vanishing }, 'expected exploding.on of the state to be true or false, got undefined'],
      [
        { spike, exploding, vanishing: { on: true, calm: 0.5 } },
        'expected vanishing.calm of the state to be a whole number from 0, got 0.5',
      ],
    ]
    for (const [state, message] of wrong) throwsExpected(() => detector({}, state as DetectorState), message)
  })
})
