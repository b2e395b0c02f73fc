/** Spikes of the norm, against the statistics of ZClip written out. */
import fc from 'fast-check'
import should from 'should'
import { type DetectorOptions, detector, type Observed } from '../../../src/bptt-gradient/detector'
import '../../support/fast-check'

const withNorm = (norm: number): Observed => ({ norm, carry: [], growth: [], terms: {} })
/** Only spikes are looked for, and a state is left at once. */
const onlySpikes: DetectorOptions = { enable: { norm: false }, leaveAfter: 1 }
const watch = (norms: number[], options: DetectorOptions = {}) => {
  const watcher = detector({ ...onlySpikes, ...options })
  return { watcher, seen: norms.map((norm) => watcher.observe(withNorm(norm))) }
}
/** e^±deviation by turns: the mean of their logarithms is 0 after an even number */
const even = (count: number, deviation: number) =>
  Array.from({ length: count }, (_, index) => Math.exp(index % 2 === 0 ? deviation : -deviation))

describe('the signal spike', () => {
  it('says nothing in the warm-up, whatever comes', () => {
    const wild = fc.array(fc.double({ min: 0, max: 1e300, noNaN: true }), { minLength: 25, maxLength: 25 })
    fc.assert(
      fc.property(wild, (norms) => {
        const { seen } = watch(norms)
        should(seen.every(({ state, signals }) => state === 'ok' && !('spike' in signals))).be.true()
      }),
    )
  })

  it('takes the mean and the variance of the logarithms in the warm-up', () => {
    const norms = Array.from({ length: 25 }, (_, index) => 10 ** Math.sin(index))
    const { spike } = watch(norms).watcher.state()
    const logs = norms.map(Math.log)
    const mean = logs.reduce((sum, log) => sum + log) / 25
    const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / 25
    should(spike.count).equal(25)
    should(spike.mean).be.approximately(mean, 1e-13)
    should(spike.variance).be.approximately(variance, 1e-13)
  })

  it('is the z-score of the logarithm after it, and names the usual norm', () => {
    const { seen } = watch([...even(26, 0.5), Math.exp(2.5)], { spikeWarmup: 26 })
    const { state, reasons, signals, score } = seen[26]
    should(state).equal('exploding')
    should(reasons).eql(["the gradient's norm 12.2 is a spike: 5 standard deviations above the usual 1"])
    should(signals.spike?.value).be.approximately(5, 1e-12)
    should(signals.spike).containEql({ threshold: 4, crossed: true })
    should(score).be.approximately(5 / 4, 1e-12)
  })

  it('is not crossed by a norm far below the usual one, nor does a norm of 0 count', () => {
    const { seen, watcher } = watch([...even(25, 0.5), Math.exp(-5), 0])
    should(seen[25]).containEql({ state: 'ok', score: 0 })
    should(seen[26].signals).not.have.property('spike')
    should(watcher.state().spike.count).equal(26)
  })

  it('has the threshold it is given, and a switch', () => {
    const norms = [...even(26, 0.5), Math.exp(2)]
    const last = (options: DetectorOptions) => watch(norms, { spikeWarmup: 26, ...options }).seen[26]
    should(last({ spikeThreshold: 3.99 }).state).equal('exploding')
    should(last({ spikeThreshold: 4.01 }).state).equal('ok')
    const off = last({ spikeThreshold: 1, enable: { spike: false } })
    should(off.state).equal('ok')
    should(off.signals).not.have.property('spike')
  })

  it('has the warm-up it is given', () => {
    const norms = [...even(10, 0.5), Math.exp(5)]
    should(watch(norms, { spikeWarmup: 10 }).seen[10].state).equal('exploding')
    should(watch(norms, { spikeWarmup: 11 }).seen[10].state).equal('ok')
    should(watch(norms).seen[10].state).equal('ok')
  })

  for (const [factor, options] of [
    [0.97, {}],
    [0.5, { spikeFactor: 0.5 }],
  ] as const)
    it(`keeps ${factor} of mean and variance, and follows the norm with its excess cut off`, () => {
      const after = [2, 1e6, 1e6, 0.5, 3, 1e9]
      const { watcher, seen } = watch([...even(25, 0.5), ...after], options)
      // ZClip, equations of the mean and the variance; in log scale, with what is above mean + 4 σ cut off
      let mean = 0.5 / 25
      let variance = 0.25 - mean ** 2
      const z: number[] = []
      for (const norm of after) {
        z.push((Math.log(norm) - mean) / Math.sqrt(variance))
        const kept = Math.min(Math.log(norm), mean + 4 * Math.sqrt(variance))
        mean = factor * mean + (1 - factor) * kept
        variance = factor * variance + (1 - factor) * (kept - mean) ** 2
      }
      should(watcher.state().spike.mean).be.approximately(mean, 1e-12)
      should(watcher.state().spike.variance).be.approximately(variance, 1e-12)
      const measured = seen.slice(25).map(({ signals }) => signals.spike?.value as number)
      measured.forEach((value, index) => {
        should(value).be.approximately(z[index], 1e-9)
      })
    })

  it('finds the second of two equal spikes too', () => {
    const { seen } = watch([...even(25, 0.3), 100, 1, 100])
    should(seen.slice(25).map(({ state }) => state)).eql(['exploding', 'ok', 'exploding'])
  })

  it('gets used to a new level', () => {
    const { seen } = watch([...even(25, 0.3), ...new Array(60).fill(20)])
    should(seen[25].state).equal('exploding')
    should(seen[84].state).equal('ok')
  })

  it('calls no small change in a steady run a spike', () => {
    const steady = new Array(40).fill(7)
    should(watch([...steady, 7 * 4.9]).seen[40].state).equal('ok')
    should(watch([...steady, 7 * 5]).seen[40].state).equal('exploding')
  })

  it('learns nothing from a gradient that is not finite', () => {
    const watcher = detector(onlySpikes)
    for (const norm of even(25, 0.5)) watcher.observe(withNorm(norm))
    const before = watcher.state().spike
    watcher.observe({ ...withNorm(Number.POSITIVE_INFINITY), nonfinite: { tensor: 'W', step: 3 } })
    should(watcher.state().spike).eql(before)
  })
})
