/** bptt-gradient: what the weights and the steps say about gradients, in msg.spectrum and to the detector. */
import should from 'should'
import { measure } from '../../nodes/bptt-gradient/spectrum-aside'
import type { MessageSpectrum } from '../../nodes/common/message'
import { type ChainSettings, gradientOf, oneUnit, shouldBePlain, there } from '../support/gradient-flow'
import { slowly } from '../support/slowly'
import { watchThreads } from '../support/threads'

const steps = (count: number) => ({
  payload: [Array.from({ length: count }, () => [1])],
  target: [[0]],
})

const zeros = (rows: number, columns: number) =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0))

async function spectrumOf(settings: ChainSettings, message: object = steps(5)): Promise<MessageSpectrum> {
  const { spectrum } = await gradientOf({ ...settings, bptt: { spectrum: true } }, message)
  shouldBePlain(spectrum)
  return spectrum as MessageSpectrum
}

describe('bptt-gradient: the spectrum', () => {
  it('is there on request, and not without', async () => {
    should(await spectrumOf({ parameters: oneUnit(0.5) })).have.keys('recurrent', 'lyapunov', 'jacobians')
    should(await gradientOf({ parameters: oneUnit(0.5) }, steps(5))).not.have.property('spectrum')
  })

  it('has σ, spectral radius, eigenvalues and the verdict of a W, and tells the detector', async () => {
    const parameters = {
      ...oneUnit(0),
      W: [
        [0.2, 0.3],
        [-0.3, 0.2],
      ],
      U: [[1], [1]],
      b: [0, 0],
      V: [[1, 1]],
    }
    const { spectrum, explosion } = await gradientOf({ parameters, bptt: { spectrum: true } }, steps(5))
    const { blocks, pascanu } = (spectrum as MessageSpectrum).recurrent.W as never as {
      blocks: { h: { sigmaMax: number; spectralRadius: number; eigenvalues: { re: number; im: number }[] } }
      pascanu: { bound: number; gamma: number; verdict: string }
    }
    // a rotation times √0.13
    should(blocks.h.sigmaMax).be.approximately(Math.sqrt(0.13), 1e-12)
    should(blocks.h.spectralRadius).be.approximately(Math.sqrt(0.13), 1e-12)
    should(blocks.h.eigenvalues.map(({ re, im }) => [re, Math.abs(im)].map((x) => x.toFixed(12)))).eql([
      ['0.200000000000', '0.300000000000'],
      ['0.200000000000', '0.300000000000'],
    ])
    should(pascanu).have.properties({ gamma: 1, verdict: 'vanishes' })
    should(explosion?.spectral?.sigmaMaxGamma).be.approximately(Math.sqrt(0.13), 1e-12)
    should(explosion?.spectral?.verdict).match(/guaranteed to vanish/)
    should((await gradientOf({ parameters }, steps(5))).explosion).not.have.property('spectral')
  })

  it('knows γ of the activation', async () => {
    const { recurrent } = await spectrumOf({ parameters: oneUnit(3), cell: { activation: 'sigmoid' } })
    should(recurrent.W).have.propertyByPath('pascanu', 'bound').approximately(0.75, 1e-12)
  })

  it('tells the detector of the largest W of several layers', async () => {
    const parameters = { ...oneUnit(0.5), W2: [[1.5]], U2: [[1]], b2: [0] }
    const settings = { parameters, cell: { layers: '2' }, bptt: { spectrum: true } }
    const { spectrum, explosion } = await gradientOf(settings, steps(5))
    should(Object.keys(spectrum?.recurrent ?? {})).eql(['W', 'W2'])
    should(explosion?.spectral).have.property('sigmaMaxGamma').approximately(1.5, 1e-12)
    should(explosion?.spectral?.verdict).match(/may explode/)
  })

  for (const [cellType, gates] of [
    ['gru', ['r', 'z', 'n']],
    ['lstm', ['i', 'f', 'g', 'o']],
  ] as const) {
    it(`goes gate by gate in a ${cellType}, without a verdict`, async () => {
      const W = gates.map((_, gate) => [gate + 1])
      const settings = {
        parameters: { W, U: zeros(gates.length, 1), b: new Array(gates.length).fill(0), V: [[1]], c: [0] },
        cell: { cellType, activation: 'tanh' },
        bptt: { spectrum: true },
      }
      const { spectrum, explosion } = await gradientOf(settings, steps(5))
      const { blocks, pascanu } = there(spectrum).recurrent.W as {
        blocks: Record<string, { sigmaMax: number }>
        pascanu?: object
      }
      should(
        Object.entries(blocks).map(([gate, { sigmaMax }]) => [gate, Math.round(sigmaMax * 1e12) / 1e12]),
      ).eql(gates.map((gate, index) => [gate, index + 1]))
      should(pascanu).equal(undefined)
      should(explosion).not.have.property('spectral')
      shouldBePlain(spectrum)
    })
  }

  it('has log ‖∂h_T/∂h_i‖ for every i, and the Lyapunov exponent', async () => {
    const { jacobians, lyapunov } = await spectrumOf({ parameters: oneUnit(0.5) })
    const half = Math.log(0.5)
    for (const [index, expected] of [4 * half, 3 * half, 2 * half, half, 0].entries())
      should((jacobians as number[])[index]).be.approximately(expected, 1e-11)
    should(lyapunov).be.approximately(half, 1e-11)
  })

  it('measures one step too', async () => {
    const { jacobians, lyapunov } = await spectrumOf({ parameters: oneUnit(0.5) }, steps(1))
    should(jacobians).eql([0])
    should(lyapunov).be.approximately(Math.log(0.5), 1e-11)
  })

  it('has null for the logarithm of zero', async () => {
    const { jacobians, lyapunov } = await spectrumOf({ parameters: oneUnit(0) }, steps(3))
    should(jacobians).eql([null, null, 0])
    should(lyapunov).equal(null)
  })

  it('measures the first sequence as far as it goes', async () => {
    const message = {
      payload: [zeros(6, 1), zeros(6, 1)],
      target: [[1], [1]],
      sequence: { lengths: [3, 6] },
    }
    const { jacobians, lyapunov } = await spectrumOf({ parameters: oneUnit(0.5) }, message)
    should(lyapunov).be.approximately(Math.log(0.5), 1e-11)
    should((jacobians as number[])[0]).be.approximately(2 * Math.log(0.5), 1e-11)
  })

  it('measures a network that keeps only some states', async () => {
    const settings = { parameters: oneUnit(0.5), unroll: { checkpoint: true } }
    const { lyapunov } = await spectrumOf(settings, steps(9))
    should(lyapunov).be.approximately(Math.log(0.5), 1e-11)
  })

  const large = (H: number) => ({
    W: zeros(H, H),
    U: zeros(H, 1),
    b: new Array(H).fill(0),
    V: zeros(1, H),
    c: [0],
  })
  for (const [what, settings, message, says] of [
    [
      'a large state',
      { parameters: large(67) },
      steps(30),
      /the state has 67 numbers in each of 30 .*more than 2000 in all/,
    ],
    ['a long sequence', { parameters: oneUnit(0.5) }, steps(2001), /each of 2001 steps, more than 2000/],
    [
      'a cell of two directions',
      { parameters: {}, cell: { hiddenSize: '2', bidirectional: true } },
      steps(3),
      /two directions/,
    ],
  ] as const) {
    it(`leaves out the measures along time of ${what}, and says why`, async () => {
      const { recurrent, lyapunov, jacobians } = await spectrumOf(settings, message)
      should(recurrent.W).have.property('blocks')
      for (const omitted of [lyapunov, jacobians]) should(omitted).have.property('omitted').match(says)
    })
  }

  it('leaves out that of a very large W, and says why', async () => {
    const { recurrent } = await spectrumOf({ parameters: large(129) }, steps(2))
    should(recurrent.W).eql({ omitted: 'the hidden state has 129 numbers, more than 128' })
  })
})

describe('bptt-gradient: a spectrum that takes long', () => {
  const settings: ChainSettings = {
    parameters: {},
    cell: { cellType: 'lstm', hiddenSize: '3', layers: '2' },
    bptt: { spectrum: true },
  }
  const messages = [steps(9), steps(2001)]
  const measured = async () => {
    const sent = []
    for (const message of messages) {
      const { spectrum, explosion } = await gradientOf(settings, message)
      sent.push({ spectrum: there(spectrum), explosion: there(explosion) })
    }
    return sent
  }
  let here: unknown
  before(async () => {
    here = await measured()
  })

  describe('is measured beside the event loop', () => {
    slowly(measure.speed)

    it('and is the same', async () => {
      const threads = watchThreads()
      should(await measured()).eql(here)
      should(threads.started()).be.above(0)
      threads.end()
    })
  })
})
