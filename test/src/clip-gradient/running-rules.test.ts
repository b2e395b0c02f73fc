/** AutoClip and ZClip, against their papers' formulas written out here. */
import fc from 'fast-check'
import should from 'should'
import { type ClipperOptions, gradientClipper } from '../../../src/clip-gradient/clip-gradient'
import { close, fill, flat, gradientOf, gradientOfNorm } from './gradients'

const told = (options: ClipperOptions, norms: number[]) => {
  const clipper = gradientClipper(options)
  return norms.map((norm) => clipper.clip(gradientOfNorm(norm)).clip)
}
const normsAfter = (options: ClipperOptions, norms: number[]) =>
  told(options, norms).map(({ normAfter }) => normAfter)
const approximately = (actual: number[], wanted: number[], relative = 1e-12) => {
  should(actual.length).equal(wanted.length)
  actual.forEach((value, index) => {
    close(value, wanted[index], relative)
  })
}
const sequences = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 60 })

describe('auto-clip', () => {
  it('clips at the 10th percentile of the norms so far, this one included', () => {
    const clips = told({ rule: 'auto-clip' }, [4, 2, 3])
    // of 4; of 2 4; of 2 3 4: 0.1 of the way from the smallest to the largest of n, at position 0.1 (n - 1)
    approximately(
      clips.map(({ threshold = Number.NaN }) => threshold),
      [4, 2.2, 2.2],
    )
    approximately(
      clips.map(({ normAfter }) => normAfter),
      [4, 2, 2.2],
    )
    should(clips.map(({ clipped }) => clipped)).eql([false, false, true])
  })

  it('takes another percentile', () => {
    approximately(normsAfter({ rule: 'auto-clip', percentile: 50 }, [1, 2, 9, 4]), [1, 1.5, 2, 3])
    approximately(normsAfter({ rule: 'auto-clip', percentile: 0 }, [4, 2, 3]), [4, 2, 2])
    approximately(normsAfter({ rule: 'auto-clip', percentile: 100 }, [4, 2, 9]), [4, 2, 9])
  })

  it('remembers the norms before clipping, the latest of them', () => {
    const clipper = gradientClipper({ rule: 'auto-clip', percentile: 50, historySize: 3 })
    for (const norm of [1, 2, 9, 4]) clipper.clip(gradientOfNorm(norm))
    should(clipper.state()).eql({ rule: 'auto-clip', history: [2, 9, 4] })
    should(clipper.clip(gradientOfNorm(10)).clip.threshold).equal(9)
  })

  it('remembers 1000 norms if nothing is said', () => {
    const history = Array.from({ length: 1000 }, (_, index) => index)
    const clipper = gradientClipper({ rule: 'auto-clip' }, { rule: 'auto-clip', history })
    clipper.clip(gradientOfNorm(5))
    should(clipper.state()).eql({ rule: 'auto-clip', history: [...history.slice(1), 5] })
  })

  it('adds ε to the norm, as the code of its authors does with 1e-6', () => {
    const [first] = told({ rule: 'auto-clip', epsilon: 1e-6 }, [4])
    close(first.normAfter, 4 * (4 / 4.000001), 1e-14)
    should(first.clipped).be.true()
  })

  it('never lets a norm pass that is above the threshold it tells, and keeps the direction', () => {
    fc.assert(
      fc.property(sequences, fc.double({ min: 0, max: 100, noNaN: true }), (norms, percentile) => {
        const clipper = gradientClipper({ rule: 'auto-clip', percentile })
        for (const norm of norms) {
          const before = gradientOf(fill(norm))
          const { clip, parameters } = clipper.clip(before)
          should(clip.normAfter).be.belowOrEqual((clip.threshold ?? 0) * (1 + 1e-12))
          for (const value of flat({ parameters })) close(value, norm * clip.coefficient, 1e-12)
        }
      }),
    )
  })
})

/** The algorithm of Kumar et al. 2025, with variances. */
function zClipByHand(
  norms: number[],
  { alpha = 0.97, zThreshold = 2.5, warmup = 25, epsilon = 0 }: ClipperOptions,
): number[] {
  const start = norms.slice(0, warmup)
  let mean = start.reduce((sum, norm) => sum + norm, 0) / warmup
  let variance = start.reduce((sum, norm) => sum + (norm - mean) ** 2, 0) / warmup
  const after = norms.slice(warmup).map((norm) => {
    const z = (norm - mean) / (Math.sqrt(variance) + epsilon)
    const target = z > zThreshold ? mean + (zThreshold ** 2 / z) * Math.sqrt(variance) : norm
    mean = alpha * mean + (1 - alpha) * target
    variance = alpha * variance + (1 - alpha) * (target - mean) ** 2
    return z > zThreshold ? (norm * target) / (norm + epsilon) : norm
  })
  return [...start, ...after]
}

describe('z-clip', () => {
  // mean 2, σ 1
  const quiet = [1, 3, 1, 3]

  it('brings a spike of z = 8 down to z* = 2.5² / 8, and carries on with the clipped norm', () => {
    const clipper = gradientClipper({ rule: 'z-clip', warmup: 4 })
    for (const norm of quiet) {
      const { clip } = clipper.clip(gradientOfNorm(norm))
      should(clip.clipped).be.false()
      should(clip).not.have.property('threshold')
    }
    should(clipper.state()).eql({ rule: 'z-clip', norms: [], statistics: { mean: 2, deviation: 1 } })
    const { clip } = clipper.clip(gradientOfNorm(10))
    close(clip.normAfter, 2.78125)
    should(clip.threshold).equal(2.78125)
    const state = clipper.state() as { statistics?: { mean: number; deviation: number } }
    const mean = 0.97 * 2 + 0.03 * 2.78125
    close(state.statistics?.mean ?? 0, mean)
    close(state.statistics?.deviation ?? 0, Math.sqrt(0.97 + 0.03 * (2.78125 - mean) ** 2))
  })

  it('leaves a norm of z up to 2.5 alone, and tells the level', () => {
    const clip = told({ rule: 'z-clip', warmup: 4 }, [...quiet, 4.5])[4]
    should(clip).eql({
      rule: 'z-clip',
      normBefore: 4.5,
      normAfter: 4.5,
      coefficient: 1,
      clipped: false,
      threshold: 4.5,
    })
  })

  const choices: ClipperOptions[] = [
    {},
    { warmup: 3 },
    { warmup: 3, alpha: 0.5 },
    { warmup: 3, zThreshold: 1 },
    { warmup: 3, epsilon: 0.5 },
  ]
  for (const options of choices)
    it(`follows the paper over many gradients (${JSON.stringify(options)})`, () => {
      const lengths = fc.array(fc.double({ min: 1, max: 2, noNaN: true }), { minLength: 30, maxLength: 60 })
      fc.assert(
        fc.property(lengths, fc.double({ min: 5, max: 1e4, noNaN: true }), (norms, spike) => {
          const all = [...norms, spike, ...norms, spike]
          // of numbers without any spread the z-score is rounding error
          fc.pre(new Set(norms.slice(0, 3)).size === 3)
          approximately(normsAfter({ rule: 'z-clip', ...options }, all), zClipByHand(all, options), 1e-6)
        }),
      )
    })

  it('warms up over 25 gradients if nothing is said', () => {
    const norms = [...Array.from({ length: 24 }, (_, index) => 1 + (index % 2)), 1000, 1000]
    const clips = told({ rule: 'z-clip' }, norms)
    should(clips[24].clipped).be.false()
    should(clips[24]).not.have.property('threshold')
    should(clips[25]).have.property('threshold')
  })

  it('clips to the mean where the norms never differed', () => {
    approximately(normsAfter({ rule: 'z-clip', warmup: 2 }, [2, 2, 2, 8]), [2, 2, 2, 2])
  })

  it('never lets a norm pass that is above the threshold it tells, and keeps the direction', () => {
    fc.assert(
      fc.property(sequences, fc.integer({ min: 2, max: 5 }), (norms, warmup) => {
        const clipper = gradientClipper({ rule: 'z-clip', warmup })
        for (const norm of norms) {
          const { clip, parameters } = clipper.clip(gradientOf(fill(norm)))
          if (clip.threshold !== undefined)
            should(clip.normAfter).be.belowOrEqual(clip.threshold * (1 + 1e-12))
          for (const value of flat({ parameters })) close(value, norm * clip.coefficient, 1e-12)
        }
      }),
    )
  })

  it('works on norms whose squares overflow', () => {
    const scale = 1e200
    approximately(
      normsAfter(
        { rule: 'z-clip', warmup: 4 },
        [...quiet, 10, 3].map((norm) => norm * scale),
      ),
      [...quiet, 2.78125, 3].map((norm) => norm * scale),
    )
  })
})
