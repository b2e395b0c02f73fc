/** Order, budget and position of a source. */
import fc from 'fast-check'
import should from 'should'
import { type Batch, type SourceOptions, sequenceSource, taskNames } from '../../../src'
import { throwsExpected } from '../../support/throws'

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)
/** A small source of each task: 24 sequences an epoch of a data set cut into windows, 12 of the others. */
const small: Record<string, SourceOptions> = {
  dataset: {
    task: 'dataset',
    data: upTo(30).map((n) => n ** 2),
    length: 3,
    batch: 5,
    validationSplit: 0.1,
    scaling: 'none',
  },
  sine: { task: 'sine', length: 5, batch: 5, epochSize: 12 },
  adding: { task: 'adding', length: 5, batch: 5, epochSize: 12 },
  'temporal-order': { task: 'temporal-order', length: 5, batch: 5, epochSize: 12 },
  'copy-memory': { task: 'copy-memory', length: 2, remember: 2, batch: 5, epochSize: 12 },
  parity: { task: 'parity', length: 9, batch: 5, epochSize: 12 },
  'delayed-echo': { task: 'delayed-echo', length: 5, delay: 2, batch: 5, epochSize: 12 },
  'embedded-reber': { task: 'embedded-reber', batch: 5, epochSize: 12 },
  'sine-mixture': { task: 'sine-mixture', length: 5, batch: 5, epochSize: 12 },
  'mackey-glass': { task: 'mackey-glass', length: 5, batch: 5, epochSize: 12 },
  lorenz: { task: 'lorenz', length: 5, targetsPer: 'step', batch: 5, epochSize: 12 },
  narma10: { task: 'narma10', length: 5, batch: 5, epochSize: 12 },
  text: {
    task: 'text',
    text: 'Jackdaws love my big sphinx of quartz.',
    length: 5,
    stride: 2,
    batch: 5,
    validationSplit: 0.25,
  },
  reverse: { task: 'reverse', length: 5, batch: 5, epochSize: 12 },
  waveform: { task: 'waveform', length: 5, batch: 5, epochSize: 12 },
  'dataset with groups': {
    task: 'dataset',
    data: upTo(60).map((n) => ({ walk: `number ${Math.floor(Math.sqrt(4 * n))}`, n })),
    groupColumn: 'walk',
    horizon: 0,
    batch: 5,
    validationSplit: 0.25,
    scaling: 'none',
  },
}
const plain = ({ inputs, targets, ...rest }: Batch) => ({
  ...rest,
  shapes: [inputs.shape, targets.shape],
  inputs: [...inputs.data],
  targets: [...targets.data],
})
const take = (count: number, from: Iterable<Batch>) => {
  const taken: ReturnType<typeof plain>[] = []
  for (const batch of from) {
    taken.push(plain(batch))
    if (taken.length === count) break
  }
  return taken
}
/** The number of its first reading says which window of the data set a sequence is. */
const windowsOf = (batches: Iterable<Batch>) =>
  [...batches].map(({ epoch, inputs }) => ({
    epoch,
    starts: upTo(inputs.shape[0]).map((row) => Math.sqrt(inputs.data[row * inputs.shape[1]])),
  }))

describe('every source', () => {
  it('is tried', () => should(Object.keys(small)).containDeep([...taskNames]))

  for (const [name, options] of Object.entries(small)) {
    it(`${name}: gives the same batches for the same seed, others for another`, () => {
      const run = (seed: number) => take(8, sequenceSource({ ...options, seed }))
      should(run(3)).eql(run(3))
      should(run(3)).not.eql(run(4))
    })

    it(`${name}: goes on from its state bit for bit, wherever in an epoch that was taken`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 1000 }), (before, seed) => {
          const original = sequenceSource({ ...options, seed })
          for (let count = 0; count < before; count++) original.next()
          const resumed = sequenceSource({ ...options, seed }, JSON.parse(JSON.stringify(original.state())))
          should(resumed.state()).eql(original.state())
          should(resumed.validationDue()).equal(original.validationDue())
          should(take(9, resumed)).eql(take(9, original))
          should([...resumed.validation()].map(plain)).eql([...original.validation()].map(plain))
        }),
        { numRuns: 30 },
      )
    })

    it(`${name}: holds out the same sequences every time, and drawing them does not disturb the order`, () => {
      const [watched, other] = [sequenceSource(options), sequenceSource(options)]
      const first = [...watched.validation()].map(({ inputs, targets }) => [
        [...inputs.data],
        [...targets.data],
      ])
      should(first.length).be.above(0)
      should(take(4, watched)).eql(take(4, other))
      const later = [...watched.validation()].map(({ inputs, targets }) => [
        [...inputs.data],
        [...targets.data],
      ])
      should(later).eql(first)
      should(take(4, watched)).eql(take(4, other))
    })

    it(`${name}: tells the sizes that its batches have`, () => {
      const { task } = sequenceSource(options)
      const [batch] = sequenceSource(options)
      const longest = Math.max(...(batch.lengths ?? [task.length]))
      should(longest).be.belowOrEqual(task.length)
      should(Boolean(batch.lengths)).equal(Boolean(task.variableLength))
      should(batch.inputs.shape).eql([5, longest, task.inputSize])
      const perStep = task.targetsPer === 'step' ? [task.targetLength ?? longest] : []
      const values = task.targetKind === 'value' ? [task.outputSize] : []
      should(batch.targets.shape).eql([5, ...perStep, ...values])
      if (task.targetKind === 'class') should(Math.max(...batch.targets.data)).be.below(task.outputSize)
      if (batch.targetMask) should(batch.targetMask.shape).eql([5, ...perStep])
    })

    it(`${name}: ends an epoch with what is left, and counts epochs and steps from 1`, () => {
      const { epochSteps, task, ...from } = sequenceSource(options)
      should(epochSteps).equal(Math.ceil(task.trainCount / 5))
      const counted = take(2 * epochSteps, { [Symbol.iterator]: () => from })
      should(counted.map(({ step }) => step)).eql(upTo(2 * epochSteps).map((index) => index + 1))
      should(counted.map(({ epoch }) => epoch)).eql(
        upTo(2 * epochSteps).map((index) => 1 + Math.floor(index / epochSteps)),
      )
      should(counted.every(({ phase }) => phase === 'train')).be.true()
      should(counted[epochSteps - 1].shapes[0][0]).equal(task.trainCount % 5)
    })

    it(`${name}: is due for validation at the end of an epoch and of the budget, and only then`, () => {
      const from = sequenceSource({ ...options, steps: 7 })
      const due: number[] = []
      should(from.validationDue()).be.false()
      for (const { step } of from) if (from.validationDue()) due.push(step)
      should(due).eql(name === 'dataset' ? [5, 7] : [3, 6, 7])
    })

    it(`${name}: is never due for validation if nothing is held out`, () => {
      const from = sequenceSource({ ...options, steps: 7, validationSplit: 0 })
      for (const _ of from) should(from.validationDue()).be.false()
      should([...from.validation()]).be.empty()
    })
  }
})

describe('the budget', () => {
  const count = (options: Partial<SourceOptions>) =>
    [...sequenceSource({ ...small.dataset, ...options })].length

  it('counts epochs', () => {
    should(count({ epochs: 1 })).equal(5)
    should(count({ epochs: 3 })).equal(15)
    should(sequenceSource({ ...small.dataset, epochs: 3 }).totalSteps).equal(15)
  })

  it('counts steps', () => {
    should(count({ steps: 1 })).equal(1)
    should(count({ steps: 12 })).equal(12)
  })

  it('is the smaller of the two if both are given', () => {
    should(count({ epochs: 2, steps: 3 })).equal(3)
    should(count({ epochs: 2, steps: 99 })).equal(10)
  })

  it('stays spent, also after a restart from its state', () => {
    const options = { ...small.dataset, steps: 2 }
    const from = sequenceSource(options)
    should([...from]).have.length(2)
    should(from.next()).eql({ done: true, value: undefined })
    should(sequenceSource(options, from.state()).next().done).be.true()
    should([...sequenceSource({ ...options, steps: 3 }, from.state())]).have.length(1)
  })

  it('is endless if there is none', () => {
    should(sequenceSource(small.dataset).totalSteps).be.undefined()
    should(take(100, sequenceSource(small.dataset))).have.length(100)
  })
})

describe('shuffling', () => {
  it('visits every window once an epoch, in another order each time', () => {
    const batches = windowsOf(sequenceSource({ ...small.dataset, epochs: 3, seed: 8 }))
    const orders = [1, 2, 3].map((wanted) =>
      batches.flatMap(({ epoch, starts }) => (epoch === wanted ? starts : [])),
    )
    for (const order of orders) should([...order].sort((a, b) => a - b)).eql(upTo(24))
    should(new Set(orders.map(String)).size).equal(3)
  })

  it('can be switched off: windows in time order, every epoch', () => {
    const batches = windowsOf(sequenceSource({ ...small.dataset, epochs: 2, shuffle: false }))
    should(batches.flatMap(({ starts }) => starts)).eql([...upTo(24), ...upTo(24)])
  })

  for (const task of ['mackey-glass', 'lorenz'] as const)
    it(`has windows of one ${task} series in another order each time, or in time order`, () => {
      const epochs = (shuffle?: boolean) =>
        [...sequenceSource({ ...small[task], batch: 12, epochs: 2, shuffle })].map(({ inputs }) => {
          const size = inputs.data.length / 12
          const windows = upTo(12).map((row) => String(inputs.data.slice(row * size, (row + 1) * size)))
          return { order: windows.join(';'), windows: windows.sort() }
        })
      const [first, second] = epochs()
      should(first.windows).eql(second.windows)
      should(first.order).not.equal(second.order)
      const [still, again] = epochs(false)
      should(still).eql(again)
      should(still.windows).eql(first.windows)
      should(still.order).not.equal(first.order)
    })

  it('never touches what is held out: it comes in time order', () => {
    const held = windowsOf(sequenceSource({ ...small.dataset, batch: 2 }).validation())
    should(held.map(({ starts }) => starts)).eql([[24, 25], [26]])
  })
})

describe('generated sequences', () => {
  it('are new ones every epoch', () => {
    const [first, second] = take(2, sequenceSource({ ...small.adding, batch: 12 }))
    should([first.epoch, second.epoch]).eql([1, 2])
    should(first.inputs).not.eql(second.inputs)
  })

  it('are other ones when held out than when learned from', () => {
    const options: SourceOptions = { ...small.adding, batch: 100, epochSize: 100, validationSplit: 0.5 }
    const from = sequenceSource(options)
    const [train] = take(1, from)
    const [held] = take(1, from.validation())
    should(held.phase).equal('validate')
    should(held.shapes[0]).eql([50, 5, 2])
    const sums = new Set(train.targets)
    should(held.targets.filter((sum) => sums.has(sum))).be.empty()
  })
})

describe('a source refuses', () => {
  const wrong: [options: Partial<SourceOptions>, message: string][] = [
    [
      { task: 'words' as 'sine' },
      'expected task to be one of dataset, sine, adding, temporal-order, copy-memory, parity, delayed-echo, ' +
        'embedded-reber, sine-mixture, mackey-glass, lorenz, narma10, text, reverse, waveform, got the text "words"',
    ],
    [{ length: 1 }, 'expected length to be a whole number from 2 up to 100000, got 1'],
    [{ batch: 0 }, 'expected batch to be a whole number from 1 up to 65536, got 0'],
    [{ batch: 1.5 }, 'expected batch to be a whole number from 1 up to 65536, got 1.5'],
    [{ seed: 0.5 }, 'expected seed to be a whole number, got 0.5'],
    [{ epochs: 0 }, 'expected epochs to be a whole number from 1 up to 9007199254740991, got 0'],
    [{ steps: -1 }, 'expected steps to be a whole number from 1 up to 9007199254740991, got -1'],
    [{ epochSize: 0 }, 'expected epochSize to be a whole number from 1 up to 10000000, got 0'],
    [{ task: 'sine', noise: -1 }, 'expected noise to be a number from 0, got -1'],
    [{ task: 'copy-memory', remember: 0 }, 'expected remember to be a whole number from 1 up to 1000, got 0'],
    [
      { task: 'sine', targetsPer: 'batch' as 'step' },
      'expected targetsPer to be one of sequence, step, got the text "batch"',
    ],
  ]
  for (const [options, message] of wrong)
    it(JSON.stringify(options), () =>
      throwsExpected(() => sequenceSource({ task: 'adding', ...options }), message),
    )
})
