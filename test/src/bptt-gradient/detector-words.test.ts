/** What the detector says of wrong options, and of what went bad first. */
import should from 'should'
import { type DetectorOptions, detector, nonfiniteReason } from '../../../src/bptt-gradient/detector'
import { throwsExpected } from '../../support/throws'

describe('a detector checks its options', () => {
  const wrong: [DetectorOptions, string][] = [
    [{ normThreshold: 0 }, 'expected normThreshold to be a number above 0, got 0'],
    [{ normThreshold: Number.NaN }, 'expected normThreshold to be a number above 0, got NaN'],
    [{ growthThreshold: 1 }, 'expected growthThreshold to be a number above 1, got 1'],
    [{ vanishingThreshold: -1 }, 'expected vanishingThreshold to be a number from 0, got -1'],
    [{ vanishingThreshold: 1 }, 'expected vanishingThreshold below 1, got 1'],
    [{ slopeGrowthThreshold: 1 }, 'expected slopeGrowthThreshold to be a number above 1, got 1'],
    [{ slopeVanishingThreshold: 1 }, 'expected slopeVanishingThreshold below 1, got 1'],
    [{ ratioThreshold: 2 }, 'expected ratioThreshold below 1, got 2'],
    [{ spikeThreshold: 0 }, 'expected spikeThreshold to be a number above 0, got 0'],
    [{ spikeFactor: 1 }, 'expected spikeFactor below 1, got 1'],
    [{ spikeWarmup: 0 }, 'expected spikeWarmup to be a whole number from 1, got 0'],
    [{ leaveBelow: 0 }, 'expected leaveBelow to be a number above 0 up to 1, got 0'],
    [{ leaveBelow: 1.1 }, 'expected leaveBelow to be a number above 0 up to 1, got 1.1'],
    [{ leaveAfter: 1.5 }, 'expected leaveAfter to be a whole number from 1, got 1.5'],
    [
      { normThreshold: '5' as unknown as number },
      'expected normThreshold to be a number above 0, got the text "5"',
    ],
    [
      { enable: { norm: 'yes' as unknown as boolean } },
      'expected enable.norm to be true or false, got the text "yes"',
    ],
    [
      { enable: { speed: true } as DetectorOptions['enable'] },
      'expected a signal to be one of nonfinite, norm, spike, growth, vanishing, slope, ratio, got the text "speed"',
    ],
  ]
  for (const [options, message] of wrong)
    it(`refuses ${JSON.stringify(options)}`, () => throwsExpected(() => detector(options), message))
})

describe('nonfiniteReason', () => {
  it('names the tensor in words and the step if there is one', () => {
    should(nonfiniteReason({ tensor: 'o', step: 2 })).equal('the output o is not finite from step 2 on')
    should(nonfiniteReason({ tensor: 'L' })).equal('the loss is not finite')
    should(nonfiniteReason({ tensor: 'norm' })).equal("the gradient's norm is not finite")
    should(nonfiniteReason({ tensor: 'W', step: 9 })).equal('the gradient of W is not finite from step 9 on')
  })

  it('names the layer of a state, and knows the cell state from the bias of the readout', () => {
    should(nonfiniteReason({ tensor: 'h', step: 2, layer: 3 })).equal(
      'the hidden state h of layer 3 is not finite from step 2 on',
    )
    should(nonfiniteReason({ tensor: 'c', step: 2, layer: 1 })).equal(
      'the cell state c of layer 1 is not finite from step 2 on',
    )
    should(nonfiniteReason({ tensor: 'c', step: 2 })).equal('the gradient of c is not finite from step 2 on')
  })

  it('names the reverse direction', () => {
    should(nonfiniteReason({ tensor: 'Wr', step: 2, reverse: true })).equal(
      'the gradient of Wr is not finite from step 2 on in the reverse direction',
    )
  })
})
