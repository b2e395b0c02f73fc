/** The clipper as an object: all rules, what it remembers, and what holds for one gradient only. */
import should from 'should'
import {
  type ClipperState,
  clipGradient,
  clipRules,
  gradientClipper,
} from '../../../src/clip-gradient/clip-gradient'
import { throwsExpected } from '../../support/throws'
import { fill, flat, gradientOf, gradientOfNorm, parametersOf } from './gradients'

const parameters = parametersOf(fill(2))
const norms = [1, 1.7, 0.3, 2, 1.1, 9, 0.2, 1.3, 40, 1.2, 3, 0.7]
const optionsOf = (rule: (typeof clipRules)[number]) => (rule === 'z-clip' ? { rule, warmup: 4 } : { rule })
const throughJson = (state: ClipperState): ClipperState => JSON.parse(JSON.stringify(state))

describe('gradientClipper', () => {
  for (const rule of clipRules) {
    const options = optionsOf(rule)

    it(`continues from its state bit for bit, through JSON, at any gradient (${rule})`, () => {
      const steady = gradientClipper(options)
      let resumed = gradientClipper(options)
      for (const norm of norms) {
        const gradient = gradientOf(fill(norm))
        should(resumed.clip(gradient, { parameters })).eql(steady.clip(gradient, { parameters }))
        resumed = gradientClipper(options, throughJson(resumed.state()))
        should(resumed.state()).eql(steady.state())
      }
    })

    it(`keeps what is not finite out of its state (${rule})`, () => {
      const clipper = gradientClipper(options)
      for (const norm of norms) clipper.clip(gradientOfNorm(norm), { parameters })
      const before = clipper.state()
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY])
        clipper.clip(gradientOf([bad, ...fill(1).slice(1)]), { parameters })
      should(clipper.state()).eql(before)
    })

    it(`gives states that stay as they are (${rule})`, () => {
      const clipper = gradientClipper(options)
      clipper.clip(gradientOfNorm(1), { parameters })
      const state = clipper.state()
      const before = JSON.stringify(state)
      for (const norm of norms) clipper.clip(gradientOfNorm(norm), { parameters })
      should(JSON.stringify(state)).equal(before)
    })

    if (rule !== 'auto-clip' && rule !== 'z-clip')
      it(`does what clipGradient does (${rule})`, () => {
        for (const norm of norms) {
          const gradient = gradientOf(fill(norm))
          should(gradientClipper({ rule }).clip(gradient, { parameters })).eql(
            clipGradient(gradient, { rule, parameters }),
          )
        }
      })
  }

  it('takes another threshold for one gradient', () => {
    for (const rule of ['global-norm', 'per-tensor-norm', 'value', 'block-rms'] as const) {
      const clipper = gradientClipper({ rule, threshold: 2 })
      const gradient = gradientOf(fill(9))
      const usual = flat(clipper.clip(gradient))
      should(flat(clipper.clip(gradient, { threshold: 0.5 }))).eql(
        flat(clipGradient(gradient, { rule, threshold: 0.5 })),
      )
      should(flat(clipper.clip(gradient))).eql(usual)
    }
  })

  it('refuses a threshold out of its range, or with a rule that has none, and stays as it was', () => {
    const gradient = gradientOf(fill(9))
    throwsExpected(
      () => gradientClipper().clip(gradient, { threshold: 0 }),
      'expected threshold to be a number above 0, got 0',
    )
    const clipper = gradientClipper({ rule: 'auto-clip' })
    throwsExpected(
      () => clipper.clip(gradient, { threshold: 1 }),
      'expected only percentile, historySize, epsilon with the rule auto-clip, got threshold: 1',
    )
    should(clipper.state()).eql({ rule: 'auto-clip', history: [] })
  })

  it('reads the parameters of the cell anew for each gradient', () => {
    const clipper = gradientClipper({ rule: 'adaptive' })
    const normWith = (value: number) =>
      clipper.clip(gradientOf(fill(9)), { parameters: parametersOf(fill(value)) }).norm
    should(normWith(2)).be.approximately(2 * normWith(1), 1e-15)
    throwsExpected(() => clipper.clip(gradientOf(fill(9))), /^expected the cell's parameters/)
  })

  const damaged: [string, ClipperState, string][] = [
    [
      'of another rule',
      { rule: 'value' },
      'expected a state of the rule auto-clip, got one of the text "value"',
    ],
    [
      'with numbers that JSON lost',
      { rule: 'auto-clip', history: [1, null as never] },
      'expected history of the state to be finite numbers from 0, got an array of 2',
    ],
    [
      'with something else for a history',
      { rule: 'auto-clip', history: 'long' as never },
      'expected history of the state to be finite numbers from 0, got the text "long"',
    ],
  ]
  for (const [what, state, message] of damaged)
    it(`refuses a state ${what}`, () =>
      throwsExpected(() => gradientClipper({ rule: 'auto-clip' }, state), message))

  it('refuses statistics that are no numbers', () => {
    const state = { rule: 'z-clip', norms: [], statistics: { mean: 1, deviation: null } } as never
    throwsExpected(() => gradientClipper({ rule: 'z-clip' }, state), /^expected statistics of the state/)
  })

  it('refuses norms that are below 0, and those of a warm-up that are no numbers', () => {
    throwsExpected(
      () => gradientClipper({ rule: 'auto-clip' }, { rule: 'auto-clip', history: [1, -1] }),
      'expected history of the state to be finite numbers from 0, got an array of 2',
    )
    throwsExpected(
      () => gradientClipper({ rule: 'z-clip' }, { rule: 'z-clip', norms: [null as never] }),
      'expected norms of the state to be finite numbers from 0, got an array of 1',
    )
  })

  for (const rule of clipRules)
    if (rule !== 'auto-clip' && rule !== 'z-clip')
      it(`remembers nothing but its rule (${rule})`, () => {
        const clipper = gradientClipper({ rule })
        clipper.clip(gradientOf(fill(9)), { parameters })
        should(clipper.state()).eql({ rule })
      })
})
