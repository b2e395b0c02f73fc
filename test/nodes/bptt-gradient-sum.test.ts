/** bptt-gradient: truncation, the regularizer Ω, and what of the sum is handed over: factors, credit. */
import should from 'should'
import type { Factors } from '../../src'
import { numbersOf, sink, withFlow } from '../support/flow'
import { gradientFlow, gradientOf, oneUnit, refusalOf, shouldBePlain, there } from '../support/gradient-flow'

/** h_t = t, and with targets of 0 and the sum of squares ∂L_t/∂h_t = 2t, which goes back undiminished. */
const counting = {
  parameters: oneUnit(1),
  unroll: { topology: 'many-to-many' },
}
const ones = { payload: [[[1], [1], [1], [1]]], target: [[[0], [0], [0], [0]]] }
const withOptions = (bptt: object) => ({ ...counting, bptt: { reduction: 'sum', ...bptt } })

describe('bptt-gradient: truncation', () => {
  for (const [bptt, terms] of [
    [{}, [2 + 4 + 6 + 8, 4 + 6 + 8, 6 + 8, 8]],
    [{ k1: '1' }, [2, 4, 6, 8]],
    [{ k1: '2' }, [2 + 4, 4, 6 + 8, 8]],
    [{ k2: '2' }, [2 + 4, 4, 6 + 8, 8]],
    [{ k1: '1', k2: '2' }, [2 + 4, 4 + 6, 6 + 8, 8]],
    [{ k1: '2', k2: '3' }, [2 + 4, 4 + 6 + 8, 6 + 8, 8]],
  ] as const) {
    it(`${JSON.stringify(bptt)} leaves the terms ${terms.join(', ')}`, async () => {
      const { gradient, payload } = await gradientOf(withOptions(bptt), ones)
      should(gradient?.terms.U).eql([...terms])
      should((payload as { terms: object }).terms).eql(gradient?.terms)
    })
  }

  it('refuses a k2 below k1', async () => {
    should(await refusalOf(withOptions({ k1: '3', k2: '2' }), ones)).match(
      /expected k2 of at least k1 \(3\), got 2/,
    )
  })
})

describe('bptt-gradient: the regularizer', () => {
  // each of the two steps back from 3 to 1 halves the gradient: ratios of 1/2
  const halving = { parameters: oneUnit(0.5) }
  const message = { payload: [[[1], [1], [1]]], target: [[0]] }
  const ofW = async (bptt: object) => {
    const { gradient } = await gradientOf({ ...halving, bptt }, message)
    return { W: numbersOf(there(gradient).parameters.W)[0], gradient }
  }

  it('adds λ ∂⁺Ω/∂W in the form that is chosen, and tells Ω', async () => {
    const plain = await ofW({})
    should(plain.gradient).not.have.property('regularization')
    const ratio = await ofW({ regularizerCoefficient: '2' })
    should(ratio.gradient?.regularization).eql({ omega: 0.5, coefficient: 2, form: 'ratio', norm: 4 })
    // λ Σ 2 (ratio - 1) ∂ratio/∂W, with a ratio of W
    should(ratio.W - plain.W).be.approximately(2 * 2 * 2 * (0.5 - 1), 1e-12)
    const squared = await ofW({ regularizerCoefficient: '2', regularizerForm: 'squared' })
    should(squared.gradient?.regularization?.omega).be.approximately(2 * (0.25 - 1) ** 2, 1e-12)
    should(squared.W - plain.W).be.approximately(2 * 2 * 2 * (0.25 - 1) * 2 * 0.5, 1e-12)
  })

  it('is off with a coefficient of 0 or blank, whatever its form', async () => {
    for (const regularizerCoefficient of ['0', '']) {
      const { gradient } = await ofW({ regularizerCoefficient, regularizerForm: 'cubic' })
      should(gradient).not.have.property('regularization')
    }
    should(await refusalOf({ ...halving, bptt: { regularizerCoefficient: '-1' } }, message)).match(
      /expected coefficient of Ω to be a number from 0, got -1/,
    )
  })

  it('needs clipping: optimizer refuses it without, and a clip of an earlier round does not count', async () => {
    const nodes = gradientFlow({ ...halving, bptt: { regularizerCoefficient: '2' } }).map((node) =>
      node.id === 'bptt' ? { ...node, wires: [['optimizer'], []] } : node,
    )
    await withFlow(
      [...nodes, { id: 'optimizer', type: 'optimizer', wires: [['updates']] }, sink('updates')],
      async (flow) => {
        flow.send('cell', { ...message, clip: { rule: 'global-norm' } })
        const { error } = await flow.next('errors')
        should(error?.message).match(/optimizer: expected a clipped gradient, since it has the regularizer Ω/)
      },
    )
  })

  it('needs clipping: clip-gradient refuses it with the rule none, and only then', async () => {
    const chain = (rule: string) => [
      ...gradientFlow({ ...halving, bptt: { regularizerCoefficient: '2' } }).map((node) =>
        node.id === 'bptt' ? { ...node, wires: [['clip'], []] } : node,
      ),
      { id: 'clip', type: 'clip-gradient', rule, wires: [['clipped']] },
      sink('clipped'),
    ]
    await withFlow(chain('none'), async (flow) => {
      flow.send('cell', message)
      should((await flow.next('errors')).error?.message).equal(
        'clip-gradient: expected a clipping rule for a gradient with the regularizer Ω, got the rule none',
      )
    })
    await withFlow(chain('global-norm'), async (flow) => {
      flow.send('cell', message)
      should((await flow.next('clipped')).gradient?.regularization).have.property('omega', 0.5)
    })
  })

  it('is for cells without gates', async () => {
    const settings = { parameters: {}, cell: { cellType: 'gru' }, bptt: { regularizerCoefficient: '1' } }
    should(await refusalOf(settings, message)).match(
      /expected a cell of type rnn for the regularizer Ω, got gru/,
    )
  })
})

describe('bptt-gradient: what it hands over', () => {
  it('hands over every factor on request, and none without', async () => {
    const { gradient } = await gradientOf(withOptions({ factors: true }), ones)
    const { losses } = there(gradient).factors as Factors
    should(losses.map(({ t }) => t)).eql([1, 2, 3, 4])
    should(losses[3].terms.map(({ i, dhdh }) => [i, dhdh])).eql([1, 2, 3, 4].map((i) => [i, [[1]]]))
    should((await gradientOf(counting, ones)).gradient).not.have.property('factors')
  })

  it('hands over credit by loss and step on request, as plain numbers, and none without', async () => {
    const { gradient } = await gradientOf(withOptions({ credit: true }), ones)
    const { losses, steps, stride, norms } = there(gradient?.credit)
    should({ losses, steps, stride }).eql({ losses: [1, 2, 3, 4], steps: [1, 2, 3, 4], stride: 1 })
    should(norms.U).eql([
      [2, 0, 0, 0],
      [4, 4, 0, 0],
      [6, 6, 6, 0],
      [8, 8, 8, 8],
    ])
    shouldBePlain(gradient?.credit)
    should((await gradientOf(withOptions({ creditCap: '2' }), ones)).gradient).not.have.property('credit')
  })

  it('takes every second loss and step where the cap is half of them', async () => {
    const { gradient } = await gradientOf(withOptions({ credit: true, creditCap: '2' }), ones)
    should(gradient?.credit).containDeep({ losses: [2, 4], steps: [2, 4], stride: 2 })
    should(gradient?.credit?.norms.U).eql([
      [4, 0],
      [8, 8],
    ])
  })

  it('has null for what is not finite', async () => {
    const settings = { ...withOptions({ credit: true }), parameters: oneUnit(1e200) }
    const { payload, gradient } = await gradientOf(settings, ones)
    should(gradient?.nonfinite).have.properties({ tensor: 'h', step: 3 })
    should(payload).have.properties({ loss: null, norm: null, state: 'nonfinite' })
    should(gradient?.credit?.norms.U.flat()).containEql(null)
    for (const value of [payload, gradient?.credit]) shouldBePlain(value)
  })
})
