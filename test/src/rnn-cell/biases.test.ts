/** Biases that open or close a gate at the start: a fixed forget bias, and chrono initialisation. */
import should from 'should'
import { type CellOptions, rnnCell } from '../../../src'

const make = (options: Partial<CellOptions>) =>
  rnnCell({ inputSize: 1, hiddenSize: 5, outputSize: 1, precision: 'float64', ...options }).parameters

/** The rows of gate k in a bias. */
const gate = (data: ArrayLike<number>, k: number, size = 5) =>
  Array.from(data).slice(k * size, (k + 1) * size)

describe('forgetBias', () => {
  it('is what the bias of the forget gate starts at, in every layer, direction and decoder; nothing else changes', () => {
    for (const more of [
      { layers: 2, bidirectional: true },
      { layers: 2, decoder: true },
    ]) {
      const options = { type: 'lstm', peepholes: true, ...more } as const
      const [plain, open] = [make(options), make({ ...options, forgetBias: 1.5 })]
      for (const [name, { data }] of Object.entries(plain)) {
        const own = [...open[name].data]
        if (name.startsWith('b')) {
          should(gate(own, 1)).eql([1.5, 1.5, 1.5, 1.5, 1.5])
          for (const k of [0, 2, 3]) should(gate(own, k)).eql(gate(data, k))
        } else should(own).eql([...data])
      }
    }
  })

  it('may be 0 or negative', () => {
    for (const forgetBias of [0, -2])
      should(gate(make({ type: 'lstm', forgetBias }).b.data, 1)).matchEach(forgetBias)
  })
})

describe('chrono initialisation', () => {
  const hiddenSize = 400
  const longest = 100
  const spread = (values: number[]) => {
    const spans = values.map(Math.exp)
    should(Math.min(...spans)).be.within(1, 3)
    should(Math.max(...spans)).be.within(97, 99)
    // uniform from 1 to 99
    should(spans.reduce((sum, span) => sum + span) / spans.length).be.approximately(50, 5)
  }

  it('of an lstm starts the forget gate at log U(1, longest - 1) and the input gate at minus that', () => {
    const { b } = rnnCell({
      type: 'lstm',
      inputSize: 1,
      hiddenSize,
      outputSize: 1,
      initializer: 'zeros',
      chrono: longest,
      precision: 'float64',
    }).parameters
    const [i, f, g, o] = [0, 1, 2, 3].map((k) => gate(b.data, k, hiddenSize))
    spread(f)
    should(i).eql(f.map((value) => -value))
    should([...g, ...o]).matchEach(0)
  })

  it('of a gru starts the gate that keeps the state, PyTorch’s z, at log U(1, longest - 1)', () => {
    const { b, bn } = rnnCell({
      type: 'gru',
      inputSize: 1,
      hiddenSize,
      outputSize: 1,
      initializer: 'zeros',
      chrono: longest,
      precision: 'float64',
    }).parameters
    const [r, z, n] = [0, 1, 2].map((k) => gate(b.data, k, hiddenSize))
    spread(z)
    should([...r, ...n, ...bn.data]).matchEach(0)
  })

  it('leaves the recurrent bias of the candidate alone, in every layer and the decoder', () => {
    const options = { type: 'gru', initializer: 'zeros', chrono: 50, layers: 2, decoder: true } as const
    const parameters = make(options)
    for (const name of ['bn', 'bn2', 'bnd', 'bn2d']) should([...parameters[name].data]).matchEach(0)
    for (const name of ['b', 'b2', 'bd', 'b2d']) should(parameters[name].data[5]).be.above(0)
  })

  it('is drawn by seed, apart for every layer', () => {
    const of = (seed: number) => make({ type: 'gru', layers: 2, chrono: 50, seed })
    should(gate(of(1).b.data, 1)).eql(gate(of(1).b.data, 1))
    should(gate(of(1).b.data, 1)).not.eql(gate(of(2).b.data, 1))
    should(gate(of(1).b.data, 1)).not.eql(gate(of(1).b2.data, 1))
  })
})
