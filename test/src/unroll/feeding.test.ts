/** What steps take in that were not given an input: zeros, outputs, one-hot choices, or targets. */
import should from 'should'
import { type Feed, type KernelName, rnnCell, type UnrollOptions, unroll } from '../../../src'
import { relativeError } from '../../support/networks'
import { throwsExpected } from '../../support/throws'
import { asRows } from '../bptt-gradient/rows'

const cell = rnnCell({
  type: 'gru',
  inputSize: 2,
  hiddenSize: 3,
  outputSize: 2,
  precision: 'float64',
  seed: 4,
})
const steps = 4
const inputs = [[0.5, -1]]

/** What each step took in, given or fed. */
const taken = (options: UnrollOptions, network = cell, x: unknown = inputs) => {
  const unrolled = unroll(network, x, { steps, ...options })
  const outputs = asRows(unrolled.outputs.data, network.sizes.outputSize)
  const fed = asRows(unrolled.fed?.inputs.data ?? [], unrolled.fed?.inputs.shape[2] ?? 1)
  return { unrolled, outputs, fed }
}
const oneHot = ([a, b]: number[]) => (b > a ? [0, 1] : [1, 0])
const once = { topology: 'one-to-many' } as const
const decode = { topology: 'encoder-decoder' } as const

describe('feed', () => {
  const feeds: [feed: Feed | undefined, of: (output: number[]) => number[]][] = [
    [undefined, () => [0, 0]],
    ['zeros', () => [0, 0]],
    ['output', (output) => output],
    ['one-hot', oneHot],
  ]
  for (const [feed, of] of feeds) {
    it(`${feed ?? 'by default, zeros,'} is what steps after the first take in (one-to-many)`, () => {
      const { outputs, fed } = taken({ ...once, feed })
      should(fed).eql(outputs.slice(0, -1).map(of))
    })

    it(`${feed ?? 'by default, zeros,'} is what the decoder takes in, after zeros first (encoder-decoder)`, () => {
      const { outputs, fed } = taken({ ...decode, feed })
      should(fed).eql([[0, 0], ...outputs.slice(0, -1).map(of)])
    })

    it(`${feed ?? 'by default, zeros,'} gives what the same inputs give if they are given`, () => {
      const given = (fed: number[][], kernel: KernelName) =>
        unroll(cell, [...inputs, ...fed], { topology: 'many-to-many', kernel }).outputs.data
      const defined = taken({ ...once, feed, kernel: 'reference' })
      should(asRows(given(defined.fed, 'reference'), 2)).eql(defined.outputs)
      const { fed, unrolled } = taken({ ...once, feed })
      should(relativeError(unrolled.outputs.data, given(fed, 'auto'))).be.below(1e-14)
    })
  }

  it('output is the output after the readout’s activation', () => {
    const soft = rnnCell({
      inputSize: 2,
      hiddenSize: 3,
      outputSize: 2,
      readout: 'softmax',
      precision: 'float64',
    })
    const { outputs, fed } = taken({ ...once, feed: 'output' }, soft)
    should(fed).eql(outputs.slice(0, -1))
    for (const [a, b] of fed) should(a + b).be.approximately(1, 1e-15)
  })

  it('is for a decoder of its own what the readout says, whatever the size of the inputs', () => {
    const own = rnnCell({ inputSize: 1, hiddenSize: 3, outputSize: 2, decoder: true, precision: 'float64' })
    const { outputs, fed, unrolled } = taken({ ...decode, feed: 'output' }, own, [[1], [2]])
    should(unrolled.fed?.inputs.shape).eql([4, 1, 2])
    should(fed).eql([[0, 0], ...outputs.slice(0, -1)])
  })

  it('past the end of a sequence goes on with what is said there', () => {
    const options = { ...once, feed: 'output', targetLengths: [2] } as const
    should(taken({ ...options, pastEnd: 'zero' }).fed.slice(2)).eql([[0, 0]])
    const held = taken({ ...options, pastEnd: 'hold' })
    should(held.fed.slice(2)).eql([held.outputs[1]])
  })

  it('is nothing where every step is given an input', () => {
    should(unroll(cell, inputs, { topology: 'many-to-many' })).not.have.property('fed')
    should(unroll(cell, inputs, { ...once, steps: 1 })).not.have.property('fed')
  })

  it('is refused if it is none of them, or if outputs are no inputs', () => {
    throwsExpected(
      () => unroll(cell, inputs, { ...once, feed: 'noise' as Feed }),
      'expected feed to be one of zeros, output, one-hot, got the text "noise"',
    )
    const narrow = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 1 })
    for (const options of [
      { feed: 'output' },
      { feed: 'one-hot' },
      { teacherForcing: 1, targets: [1, 1, 1, 1] },
    ] as const)
      throwsExpected(
        () => unroll(narrow, inputs, { ...once, steps, ...options }),
        'expected as many outputs as inputs (2) to feed what was said, or for an encoder-decoder a decoder with weights of its own, got 1 outputs',
      )
    should(unroll(narrow, inputs, { ...once, steps, feed: 'zeros' }).steps).equal(4)
  })
})

describe('a topology in which nothing is fed', () => {
  for (const option of [{ feed: 'output' }, { teacherForcing: 0.5, targets: [1] }] as const)
    it(`refuses ${JSON.stringify(option)}`, () =>
      throwsExpected(
        () => unroll(cell, inputs, { topology: 'many-to-one', ...option }),
        'expected feed and teacherForcing for one-to-many or encoder-decoder, got them for many-to-one',
      ))
})

describe('teacher forcing', () => {
  const targets = [
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
  ]

  it('of 1 feeds the target of the step before', () => {
    should(taken({ ...once, feed: 'output', teacherForcing: 1, targets }).fed).eql(targets.slice(0, 3))
    should(taken({ ...decode, feed: 'output', teacherForcing: 1, targets }).fed).eql([
      [0, 0],
      ...targets.slice(0, 3),
    ])
  })

  it('of 0, and by default, feeds what was said', () => {
    const free = taken({ ...once, feed: 'output', targets })
    should(taken({ ...once, feed: 'output', teacherForcing: 0, targets }).fed).eql(free.fed)
    should(free.fed).eql(free.outputs.slice(0, -1))
  })

  it('feeds classes as one-hot', () => {
    const classes = [0, 1, 1, 0]
    should(taken({ ...once, teacherForcing: 1, targets: classes }).fed).eql([
      [1, 0],
      [0, 1],
      [0, 1],
    ])
    // an index that is none, such as the ignored one, is nothing
    should(taken({ ...once, teacherForcing: 1, targets: [0, -100, 1, 0] }).fed).eql([
      [1, 0],
      [0, 0],
      [0, 1],
    ])
  })

  const many = 40
  const batch = 30
  const long = new Array(batch).fill(targets[0].map((_, feature) => feature)).map((x: number[]) => [x])
  const marked = new Array(batch).fill(new Array(many).fill([7, 7]))
  const drawn = (teacherForcing: number, seed?: number) => {
    const options = { ...once, steps: many, feed: 'output', teacherForcing, targets: marked, seed } as const
    const { fed } = unroll(cell, long, options)
    return Array.from({ length: (many - 1) * batch }, (_, index) => fed?.inputs.data[2 * index] === 7)
  }
  const share = (flags: boolean[]) => flags.filter(Boolean).length / flags.length

  it('in between is that share of the fed inputs', () => {
    for (const ratio of [0.2, 0.5, 0.9]) should(share(drawn(ratio))).be.approximately(ratio, 0.05)
  })

  it('is drawn for each sequence and each step', () => {
    const flags = drawn(0.5)
    const ofStep = (step: number) => share(flags.slice(step * batch, (step + 1) * batch))
    const ofSequence = (row: number) => share(flags.filter((_, index) => index % batch === row))
    for (let step = 0; step < many - 1; step++) should(ofStep(step)).be.within(0.15, 0.85)
    for (let row = 0; row < batch; row++) should(ofSequence(row)).be.within(0.15, 0.85)
  })

  it('is drawn by seed, 1 if none is given', () => {
    should(drawn(0.5, 3)).eql(drawn(0.5, 3))
    should(drawn(0.5, 3)).not.eql(drawn(0.5, 4))
    should(drawn(0.5)).eql(drawn(0.5, 1))
  })

  it('lets gradients through only where the output was fed', () => {
    const options = { ...once, steps: many, feed: 'output', teacherForcing: 0.5, targets: marked } as const
    const { fed } = unroll(cell, long, options)
    should([...(fed?.throughOutput ?? [])]).eql(drawn(0.5).map((isTarget) => Number(!isTarget)))
  })

  it('is refused without targets, with others than the steps ask for, and outside of 0 to 1', () => {
    const with_ = (options: object) => () =>
      unroll(cell, inputs, { ...once, steps, feed: 'output', ...options })
    throwsExpected(with_({ teacherForcing: 1 }), 'expected targets for teacher forcing, got none')
    throwsExpected(
      with_({ teacherForcing: 1, targets: [[1, 2]] }),
      'expected targets for teacher forcing of shape [1, 4, 2] or classes [1, 4], got [1, 2]',
    )
    throwsExpected(
      with_({ teacherForcing: 1.1, targets }),
      'expected teacherForcing to be a number from 0 up to 1, got 1.1',
    )
    throwsExpected(with_({ teacherForcing: 0.5, targets, seed: 0.5 }), /seed to be a whole number, got 0.5/)
  })
})
