/** bptt-gradient's dialog: texts for all of it, choices of the library, and a sentence for what does not fit. */
import should from 'should'
import { lossNames, reductions, signalNames } from '../../src'
import { dialogOf } from '../support/dialog'
import { describeDialog } from '../support/dialog-rules'

const { choices, usual, validate } = dialogOf('bptt-gradient')

describe("bptt-gradient's dialog", () => {
  describeDialog('bptt-gradient')

  it('offers the losses, reductions and signals of the library, and first what an old flow means', () => {
    should(choices('loss')).eql(['auto', ...lossNames])
    should(choices('reduction')).eql([...reductions])
    should(choices('regularizerForm')).eql(['ratio', 'squared'])
    const switches = signalNames.map((name) => `watch${name[0].toUpperCase()}${name.slice(1)}`)
    should(usual).have.properties(Object.fromEntries(switches.map((name) => [name, true])))
    for (const field of ['loss', 'reduction', 'regularizerForm'])
      should(usual[field]).equal(choices(field)[0])
  })

  for (const [settings, field, good, bad] of [
    [{ loss: 'huber' }, 'delta', ['0.5'], ['0', '-1', 'x']],
    [{ loss: 'cross-entropy' }, 'classWeights', ['1, 2, 0', '3'], ['1, -2', 'one', '1; 2']],
    [{ loss: 'cross-entropy' }, 'ignoreIndex', ['-1', '0'], ['1.5', 'x']],
    [{ loss: 'binary-cross-entropy' }, 'positiveWeights', ['2', '1, 5'], ['-1']],
    [{ credit: true }, 'creditCap', ['1'], ['0', '1.5']],
    [{}, 'k1', ['1'], ['0', '2.5']],
    [{ k1: '4' }, 'k2', ['4', '9'], ['3', '0']],
    [{}, 'regularizerCoefficient', ['0', '0.5'], ['-1', 'x']],
    [{}, 'normThreshold', ['1e-6'], ['0', '-3']],
    [{}, 'spikeThreshold', ['2.5'], ['0']],
    [{}, 'spikeWarmup', ['1'], ['0', '1.5']],
    [{}, 'spikeFactor', ['0', '0.9'], ['1', '-0.1']],
    [{}, 'growthThreshold', ['1.1'], ['1']],
    [{}, 'vanishingThreshold', ['0', '0.5'], ['1']],
    [{}, 'slopeGrowthThreshold', ['1.1'], ['1']],
    [{}, 'slopeVanishingThreshold', ['0.5'], ['1']],
    [{}, 'ratioThreshold', ['0.5'], ['1']],
    [{}, 'leaveBelow', ['1', '0.1'], ['0', '1.1']],
    [{}, 'leaveAfter', ['1'], ['0', '2.5']],
  ] as const) {
    it(`${field} may be ${good.join(' or ')}, not ${bad.join(' nor ')}`, () => {
      for (const value of ['', ...good]) should(validate(field, value, settings)).be.true(value)
      for (const value of bad) should(validate(field, value, settings)).match(/^[A-Z].*: .*\w+ .*\w+/)
    })
  }

  for (const [settings, field] of [
    [{ loss: 'mse' }, 'delta'],
    [{ loss: 'mse' }, 'classWeights'],
    [{ loss: 'auto' }, 'ignoreIndex'],
    [{ loss: 'mae' }, 'positiveWeights'],
    [{ credit: false }, 'creditCap'],
    [{ watchNorm: false }, 'normThreshold'],
    [{ watchSpike: false }, 'spikeThreshold'],
    [{ watchSpike: false }, 'spikeWarmup'],
    [{ watchSpike: false }, 'spikeFactor'],
    [{ watchGrowth: false }, 'growthThreshold'],
    [{ watchVanishing: false }, 'vanishingThreshold'],
    [{ watchSlope: false }, 'slopeGrowthThreshold'],
    [{ watchSlope: false }, 'slopeVanishingThreshold'],
    [{ watchRatio: false }, 'ratioThreshold'],
  ] as const)
    it(`does not care what ${field} holds where it is hidden: ${JSON.stringify(settings)}`, () => {
      should(validate(field, 'x', settings)).be.true()
    })
})
