/** Gradient checkpointing: the same gradient from states of which only some were kept. */
import fc from 'fast-check'
import should from 'should'
import {
  bpttGradient,
  type Cell,
  lastState,
  rnnCell,
  stepJacobians,
  type Unrolled,
  unroll,
} from '../../../src'
import {
  type Case,
  cases,
  type Draws,
  gradientOf,
  relativeError,
  run,
  shouldBeNear,
  statesOf,
  stepByStep,
} from '../../support/networks'
import { throwsExpected } from '../../support/throws'

const oneDirection: Partial<Draws> = { bidirectional: fc.constant(false) }
const with_ = (network: Case, checkpoint: boolean | number): Case => ({
  ...network,
  unroll: { ...network.unroll, checkpoint },
})
const bytesHeld = ({ strands }: Unrolled): number =>
  strands
    .flatMap(({ hidden, cellState, gates }) => [hidden, cellState, gates])
    .reduce((sum, kept) => sum + (kept?.data.byteLength ?? 0), 0)

const lstm = (hiddenSize = 3, layers = 1): Cell =>
  rnnCell({ type: 'lstm', inputSize: 1, hiddenSize, outputSize: 1, layers, precision: 'float64' })
const wave = (steps: number) => Float64Array.from({ length: steps }, (_, t) => Math.sin(t / 3))

describe('checkpointing', () => {
  it('leaves outputs, last state, gradient and terms as they are, for every cell, topology, feed and length', () => {
    const every = fc.oneof(fc.constant(true), fc.integer({ min: 1, max: 20 }))
    fc.assert(
      fc.property(cases('float64', 16, oneDirection), every, (drawn, checkpoint) => {
        const network = stepByStep(drawn)
        const [whole, less] = [run(network), run(with_(network, checkpoint))]
        should([...less.outputs.data]).eql([...whole.outputs.data])
        should(statesOf(lastState(less)).map(({ data }) => [...data])).eql(
          statesOf(lastState(whole)).map(({ data }) => [...data]),
        )
        const [wanted, got] = [gradientOf(network), gradientOf(with_(network, checkpoint))]
        should(got.loss).equal(wanted.loss)
        should(got.terms).eql(wanted.terms)
        should(got.growth).eql(wanted.growth)
        for (const [name, { data }] of Object.entries(wanted.parameters))
          should(relativeError(got.parameters[name].data, data, 1e-9 * wanted.norm)).be.belowOrEqual(
            1e-12,
            name,
          )
      }),
      { numRuns: 150 },
    )
  })

  it('agrees with the kernels, which keep everything', () => {
    fc.assert(
      fc.property(cases('float64', 16, oneDirection), (network) => {
        const [whole, less] = [run(network), run(with_(network, 3))]
        should(relativeError(less.outputs.data, whole.outputs.data, 1e-3)).be.below(1e-11)
        shouldBeNear(gradientOf(with_(network, 3)), gradientOf(network), 1e-11)
      }),
      { numRuns: 60 },
    )
  })

  it('goes together with truncation, credit and the Jacobians of the steps', () => {
    fc.assert(
      fc.property(cases('float64', 9, oneDirection), (drawn) => {
        const network = stepByStep(drawn)
        const more = { k1: 2, k2: 3, credit: true }
        const [wanted, got] = [gradientOf(network, more), gradientOf(with_(network, 4), more)]
        should(got.credit).eql(wanted.credit)
        should(got.terms).eql(wanted.terms)
        should(stepJacobians(run(with_(network, 4)))).eql(stepJacobians(run(network)))
      }),
      { numRuns: 40 },
    )
  })

  it('is done only when asked for', () => {
    for (const checkpoint of [undefined, false]) {
      const unrolled = unroll(lstm(), wave(9), { checkpoint, kernel: 'reference' })
      should(unrolled).not.have.property('checkpointEvery')
      should(unrolled.strands[0].gates?.shape).eql([9, 5, 1, 3])
    }
  })

  it('keeps the states 0, k, 2k … and T, and no gates; k is √T rounded up if it is true', () => {
    const whole = unroll(lstm(), wave(10), { kernel: 'reference' })
    const { strands, checkpointEvery } = unroll(lstm(), wave(10), { checkpoint: true })
    should(checkpointEvery).equal(4)
    should(strands[0]).not.have.property('gates')
    const states = (data: ArrayLike<number>, indices: number[]) =>
      indices.flatMap((t) => Array.from({ length: 3 }, (_, unit) => data[3 * t + unit]))
    should([...strands[0].hidden.data]).eql(states(whole.hidden.data, [0, 4, 8, 10]))
    should([...(strands[0].cellState?.data ?? [])]).eql(
      states(whole.strands[0].cellState?.data ?? [], [0, 4, 8, 10]),
    )
    should(unroll(lstm(), wave(10), { checkpoint: 5 }).hidden.shape).eql([3, 1, 3])
    should(unroll(lstm(), wave(10), { checkpoint: 99 }).hidden.shape).eql([2, 1, 3])
  })

  it('holds memory that grows as √T, up to T = 100 000', () => {
    const cell = lstm(2)
    const held = [1_000, 4_000, 16_000, 100_000].map((steps) =>
      bytesHeld(unroll(cell, wave(steps), { checkpoint: true })),
    )
    for (const [index, times] of [2, 2, 2.5].entries())
      should(held[index + 1] / held[index]).be.approximately(times, 0.07 * times)
    // h and c of 2 numbers of 8 bytes, some √T of them
    should(held[3]).be.approximately(2 * 2 * 8 * Math.sqrt(100_000), 100)
    should(bytesHeld(unroll(cell, wave(1_000), { kernel: 'reference' }))).be.above(40 * held[0])
  })

  it('gives the gradient of 20 000 steps', () => {
    const cell = rnnCell({
      type: 'gru',
      inputSize: 1,
      hiddenSize: 2,
      outputSize: 1,
      chrono: 50,
      precision: 'float64',
    })
    const { parameters, terms, norm } = bpttGradient(unroll(cell, wave(20_000), { checkpoint: true }), [1])
    // the last 2 000 steps, from the state before them, are all that counts
    const before = unroll(cell, wave(18_000), { checkpoint: 500 })
    const rest = wave(20_000).subarray(18_000)
    const wanted = bpttGradient(unroll(cell, rest, { initialState: lastState(before) }), [1])
    should(terms.W).have.length(20_000)
    should(terms.W[0]).be.below(1e-12 * norm)
    for (const [name, { data }] of Object.entries(wanted.parameters))
      should(relativeError(parameters[name].data, data, 1e-3 * norm)).be.belowOrEqual(1e-12, name)
  })

  it('takes no more room than the sequence asks for, however large k is', () => {
    const { parameters } = bpttGradient(unroll(lstm(), wave(5), { checkpoint: 1e12 }), [1])
    const whole = unroll(lstm(), wave(5), { kernel: 'reference' })
    const wanted = bpttGradient(whole, [1], { kernel: 'reference' })
    should([...parameters.W.data]).eql([...wanted.parameters.W.data])
  })

  it('refuses two directions, and a k that is not a whole number from 1', () => {
    const two = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1, bidirectional: true })
    throwsExpected(
      () => unroll(two, [1, 2], { checkpoint: true }),
      'expected a cell of one direction for checkpointing, got a bidirectional one',
    )
    for (const checkpoint of [0, 1.5, Number.NaN])
      throwsExpected(
        () => unroll(lstm(), [1, 2], { checkpoint }),
        `expected checkpoint to be a whole number from 1, got ${checkpoint}`,
      )
  })
})
