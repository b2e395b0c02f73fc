/** clip-gradient's dialog: texts for all of it, the rules of the library, and a sentence for what does not fit. */
import should from 'should'
import { clipRuleOptions, clipRules } from '../../src'
import { dialogOf } from '../support/dialog'
import { describeDialog, labelOf } from '../support/dialog-rules'

const { choices, usual, validate } = dialogOf('clip-gradient')

describe("clip-gradient's dialog", () => {
  describeDialog('clip-gradient')

  it('offers the rules and axes of the library, and first what an old flow means', () => {
    should(choices('rule')).eql([...clipRules])
    should(choices('axis')).eql(['row', 'column', 'tensor'])
  })

  for (const rule of clipRules) {
    it(`of the rule ${rule} checks the fields that the library has for it, and no others`, () => {
      const numbers = Object.keys(usual).filter(
        (field) => !['name', 'configVersion', 'rule', 'thresholdType', 'axis', 'store'].includes(field),
      )
      const checked = numbers.filter((field) => validate(field, 'x', { rule }) !== true)
      should(checked.sort()).eql(clipRuleOptions[rule].filter((option) => option !== 'axis').sort())
    })
  }

  for (const [rule, field, good, bad] of [
    ['global-norm', 'threshold', ['1', '1e-3'], ['0', '-1']],
    ['per-tensor-norm', 'normType', ['1', '2.5', 'inf', 'Infinity', '∞'], ['0', '-1', '-inf']],
    ['adaptive', 'clipping', ['0.1'], ['0']],
    ['auto-clip', 'percentile', ['0', '100'], ['-1', '101']],
    ['auto-clip', 'historySize', ['1', '100000'], ['0', '1.5', '100001']],
    ['z-clip', 'zThreshold', ['2.5'], ['0']],
    ['z-clip', 'warmup', ['2', '100000'], ['1', '2.5', '100001']],
    ['z-clip', 'alpha', ['0', '1'], ['-0.1', '1.1']],
    ['adaptive', 'epsilon', ['0', '1'], ['-1']],
  ] as const) {
    it(`${field} of ${rule} may be ${good.join(' or ')}, not ${bad.join(' nor ')}`, () => {
      for (const value of ['', ...good]) should(validate(field, value, { rule })).be.true(value)
      for (const value of bad) should(validate(field, value, { rule })).match(/^[A-Z].*: .*\w+ .*\w+/)
    })
  }

  it('leaves a limit from elsewhere to the runtime', () => {
    should(validate('threshold', 'limit', { thresholdType: 'msg' })).be.true()
  })

  it('labels a node by its rule and limit', () => {
    const label = (settings: object) => labelOf('clip-gradient', settings)
    should(label({})).equal('clip norm ≤ 1')
    should(label({ threshold: 'limit', thresholdType: 'msg' })).equal('clip norm ≤ msg.limit')
    should(label({ rule: 'value', threshold: '0.5' })).equal('clip ±0.5')
    should(label({ rule: 'adaptive', clipping: '0.1' })).equal('AGC 0.1')
    should(label({ rule: 'auto-clip', percentile: '50' })).equal('AutoClip p=50')
    should(label({ rule: 'z-clip', zThreshold: '3' })).equal('ZClip z=3')
    for (const rule of clipRules) should(label({ rule })).not.match(/undefined|__/)
    should(label({ name: 'mine' })).equal('mine')
  })
})
