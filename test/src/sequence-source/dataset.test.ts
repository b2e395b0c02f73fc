/** Windows over readings. Most readings here are their own number, 0, 1, 2, …, so that a value says where it is from. */
import fc from 'fast-check'
import should from 'should'
import { type Batch, type SourceOptions, sequenceSource } from '../../../src'
import { throwsExpected } from '../../support/throws'

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)
const source = (options: Partial<SourceOptions>) =>
  sequenceSource({
    task: 'dataset',
    length: 3,
    scaling: 'none',
    shuffle: false,
    batch: 1000,
    epochs: 1,
    validationSplit: 0,
    ...options,
  })
const nested = (values: ArrayLike<number>, size: number) =>
  Array.from({ length: values.length / size }, (_, row) =>
    Array.from(values).slice(row * size, (row + 1) * size),
  )
/** Windows and targets, row by row, of the training part and of what is held out. */
const rows = (batches: Iterable<Batch>) =>
  [...batches].flatMap(({ inputs, targets }) => {
    const count = inputs.shape[0]
    const x = nested(inputs.data, inputs.data.length / count)
    const y = nested(targets.data, targets.data.length / count)
    return x.map((window, row) => ({ window, target: y[row] }))
  })
const windows = (options: Partial<SourceOptions>) => {
  const from = source(options)
  return { train: rows(from), validation: rows(from.validation()), from }
}

describe('a data set', () => {
  it('is cut into windows, each with the value after it', () => {
    should(windows({ data: upTo(6) }).train).eql([
      { window: [0, 1, 2], target: [3] },
      { window: [1, 2, 3], target: [4] },
      { window: [2, 3, 4], target: [5] },
    ])
  })

  it('has targets as many readings ahead as the horizon says, and windows as far apart as the stride', () => {
    should(windows({ data: upTo(9), length: 2, horizon: 3, stride: 2 }).train).eql([
      { window: [0, 1], target: [4] },
      { window: [2, 3], target: [6] },
      { window: [4, 5], target: [8] },
    ])
    should(windows({ data: upTo(3), length: 2, horizon: 0 }).train.map(({ target }) => target)).eql([
      [1],
      [2],
    ])
  })

  it('has a target for every step if asked', () => {
    const { train, from } = windows({ data: upTo(6), horizon: 2, targetsPer: 'step' })
    should(train).eql([
      { window: [0, 1, 2], target: [2, 3, 4] },
      { window: [1, 2, 3], target: [3, 4, 5] },
    ])
    should(from.task.targetsPer).equal('step')
  })

  it('says what its columns are called, those of the inputs and those of the targets', () => {
    const names = (options: Partial<SourceOptions>) => {
      const { inputNames, targetNames } = source(options).task
      return [inputNames, targetNames]
    }
    const data = 'day,a,b\nx,1,2\nx,3,4\nx,5,6\nx,7,8'
    should(names({ data })).eql([
      ['a', 'b'],
      ['a', 'b'],
    ])
    should(names({ data, columns: ['b'], targetColumns: ['a'] })).eql([['b'], ['a']])
    should(names({ data: upTo(6) })).eql([['1'], ['1']])
  })

  it('has shapes [B,T,D] and [B,O], or [B,T,O]', () => {
    const data = upTo(7).map((n) => [n, 10 * n])
    const shapes = (options: Partial<SourceOptions>) => {
      const [{ inputs, targets }] = source({ data, ...options })
      return [inputs.shape, targets.shape]
    }
    should(shapes({})).eql([
      [4, 3, 2],
      [4, 2],
    ])
    should(shapes({ targetsPer: 'step' })).eql([
      [4, 3, 2],
      [4, 3, 2],
    ])
    should(shapes({ targetColumns: ['2'] })).eql([
      [4, 3, 2],
      [4, 1],
    ])
    should(shapes({ targetColumns: ['2'], targetKind: 'class' })).eql([[4, 3, 2], [4]])
    should(shapes({ targetColumns: ['2'], targetKind: 'class', targetsPer: 'step' })).eql([
      [4, 3, 2],
      [4, 3],
    ])
  })

  it('shows some columns and asks for others', () => {
    const data = upTo(4).map((n) => ({ a: n, b: 10 * n, c: 100 * n }))
    const { train, from } = windows({ data, length: 2, columns: ['c', 'a'], targetColumns: ['b'] })
    should(train).eql([
      { window: [0, 0, 100, 1], target: [20] },
      { window: [100, 1, 200, 2], target: [30] },
    ])
    should([from.task.inputSize, from.task.outputSize, from.task.length]).eql([2, 1, 2])
  })

  it('asks for classes, as many as there are', () => {
    const data = upTo(8).map((n) => [n, n % 4])
    const { train, from } = windows({
      data,
      columns: ['1'],
      targetColumns: ['2'],
      targetKind: 'class',
      scaling: 'z-score',
    })
    should(train.map(({ target }) => target[0])).eql([3, 0, 1, 2, 3])
    should([from.task.outputSize, from.task.targetKind]).eql([4, 'class'])
    should(from.task.scale?.target).be.undefined()
    should(from.task.scale?.input.mean).eql([3.5])
    should(from.task.classes).eql([0, 1, 2, 3])
  })

  const labelled: [
    what: string,
    labels: (number | string)[],
    classes: (number | string)[],
    indices: number[],
  ][] = [
    ['numbers with gaps', [7, -1, 3, 7, 10], [-1, 3, 7, 10], [2, 0, 1, 2, 3]],
    ['minus and plus one', [1, 1, -1, 1], [-1, 1], [1, 1, 0, 1]],
    ['texts', ['rain', 'sun', 'fog', 'sun'], ['fog', 'rain', 'sun'], [1, 2, 0, 2]],
    ['numbers and texts', ['n/a', 2, 10, 'lost'], [2, 10, 'lost', 'n/a'], [3, 0, 1, 2]],
  ]
  for (const [what, labels, classes, indices] of labelled)
    it(`counts classes that are ${what} in their order, and tells what they are called`, () => {
      const data = labels.map((kind, n) => ({ n, kind }))
      const of: Partial<SourceOptions> = { length: 1, horizon: 0, columns: ['n'], targetColumns: ['kind'] }
      const { train, from } = windows({ data, ...of, targetKind: 'class' })
      should(train.map(({ target }) => target[0])).eql(indices)
      should(from.task.classes).eql(classes)
      should(from.task.outputSize).equal(classes.length)
    })

  it('has no names of classes where targets are values', () => {
    should(source({ data: upTo(9) }).task).not.have.property('classes')
  })
})

const options = fc.record({
  count: fc.integer({ min: 5, max: 60 }),
  length: fc.integer({ min: 1, max: 8 }),
  horizon: fc.integer({ min: 0, max: 5 }),
  stride: fc.integer({ min: 1, max: 4 }),
  validationSplit: fc.constantFrom(0, 0.1, 0.2, 0.25, 0.5, 0.9),
  targetsPer: fc.constantFrom('sequence' as const, 'step' as const),
})

describe('the split in time order', () => {
  it('lets no held-out reading into a training window, a training target or the scale', () => {
    fc.assert(
      fc.property(options, ({ count, ...rest }) => {
        const trainEnd = Math.round(count * (1 - rest.validationSplit))
        fc.pre(rest.length + rest.horizon <= trainEnd)
        const { train, validation, from } = windows({ data: upTo(count), ...rest })
        for (const { window, target } of train) should(Math.max(...window, ...target)).be.below(trainEnd)
        for (const { target } of validation) should(Math.min(...target)).be.aboveOrEqual(trainEnd)
        should([from.task.trainCount, from.task.validationCount]).eql([train.length, validation.length])

        const scaled = sequenceSource({ task: 'dataset', data: upTo(count), ...rest }).task.scale
        const mean = (trainEnd - 1) / 2
        const std = Math.sqrt((trainEnd ** 2 - 1) / 12)
        for (const scale of [scaled?.input, scaled?.target]) {
          should(scale?.mean[0]).be.approximately(mean, 1e-12)
          should(scale?.std[0]).be.approximately(std === 0 ? 1 : std, 1e-12)
        }
      }),
    )
  })

  it('loses no window: every one on the stride is learned from, held out, or has targets on both sides', () => {
    fc.assert(
      fc.property(options, ({ count, ...rest }) => {
        const trainEnd = Math.round(count * (1 - rest.validationSplit))
        fc.pre(rest.length + rest.horizon <= trainEnd)
        const { train, validation } = windows({ data: upTo(count), ...rest })
        const starts: [train: number[], validation: number[]] = [[], []]
        for (let start = 0; start + rest.length - 1 + rest.horizon < count; start += rest.stride) {
          const last = start + rest.length - 1 + rest.horizon
          const first = rest.targetsPer === 'step' ? start + rest.horizon : last
          if (last < trainEnd) starts[0].push(start)
          if (first >= trainEnd) starts[1].push(start)
        }
        should(train.map(({ window }) => window[0])).eql(starts[0])
        should(validation.map(({ window }) => window[0])).eql(starts[1])
        for (const { window, target } of [...train, ...validation]) {
          should(window).eql(upTo(rest.length).map((step) => window[0] + step))
          const wanted = window.map((value) => value + rest.horizon)
          should(target).eql(rest.targetsPer === 'step' ? wanted : wanted.slice(-1))
        }
      }),
    )
  })

  it('does not notice in training what the held-out readings are', () => {
    const run = (tail: number) => {
      const data = [...upTo(80).map((n) => Math.sin(n)), ...new Array(20).fill(tail)]
      const from = sequenceSource({ task: 'dataset', data, length: 5, seed: 3, epochs: 2 })
      return JSON.stringify([
        [...from].map(({ inputs, targets }) => [[...inputs.data], [...targets.data]]),
        from.task.scale,
      ])
    }
    should(run(1e9)).equal(run(0))
  })
})

describe('the z-score', () => {
  it('leaves a target of yes and no, 1 and 0, as it is, and its inputs not', () => {
    const data = upTo(40).map((value) => [value, value % 3 === 0 ? 1 : 0])
    const { train, from } = windows({
      data,
      columns: ['1'],
      targetColumns: ['2'],
      length: 2,
      scaling: 'z-score',
    })
    should([...new Set(train.flatMap(({ target }) => target))].sort()).eql([0, 1])
    should(from.task.scale?.target).eql({ mean: [0], std: [1] })
    should(from.task.scale?.input?.std[0]).be.above(1)
  })

  it('is (value - mean) / std, by column, inputs and targets alike', () => {
    const data = [
      [1, 10],
      [3, 10],
      [1, 30],
      [3, 30],
    ]
    const { train, from } = windows({ data, length: 1, scaling: 'z-score' })
    should(from.task.scale).eql({
      input: { mean: [2, 20], std: [1, 10] },
      target: { mean: [2, 20], std: [1, 10] },
    })
    should(train).eql([
      { window: [-1, -1], target: [1, -1] },
      { window: [1, -1], target: [-1, 1] },
      { window: [-1, 1], target: [1, 1] },
    ])
  })

  it('leaves a column that never changes at zero, whatever rounding does to its mean', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.integer({ min: 4, max: 50 }),
        (value, count) => {
          const { from, train } = windows({ data: new Array(count).fill(value), scaling: 'z-score' })
          should(from.task.scale?.input.std).eql([1])
          should(from.task.scale?.target?.std).eql([1])
          for (const { window } of train) for (const entry of window) should(entry).be.approximately(0, 1e-8)
        },
      ),
    )
  })

  it('is not there if no scaling is asked for', () => {
    should(source({ data: upTo(9) }).task.scale).be.undefined()
  })
})

describe('the naive error', () => {
  it('is the root mean square of what changes over the horizon, on held-out windows, in the units of the data', () => {
    const data = upTo(20).map((n) => n ** 2)
    for (const scaling of ['z-score', 'none'] as const) {
      const { naive } = source({ data, horizon: 2, validationSplit: 0.2, scaling }).task
      const targets = [16, 17, 18, 19]
      const wanted = targets.reduce((sum, at) => sum + (at ** 2 - (at - 2) ** 2) ** 2, 0) / targets.length
      should(naive).be.approximately(Math.sqrt(wanted), 1e-12)
    }
  })

  it('takes every step where every step has a target', () => {
    const data = upTo(20).map((n) => n ** 2)
    const { naive } = source({ data, length: 2, validationSplit: 0.2, targetsPer: 'step' }).task
    const targets = [16, 17, 17, 18, 18, 19]
    const wanted = targets.reduce((sum, at) => sum + (2 * at - 1) ** 2, 0) / targets.length
    should(naive).be.approximately(Math.sqrt(wanted), 1e-12)
  })

  it('is missing where nothing is held out, for classes, and where the target is another quantity', () => {
    const data = upTo(20).map((n) => [n, n % 3])
    should(source({ data }).task.naive).be.undefined()
    should(
      source({ data, validationSplit: 0.3, columns: ['1'], targetColumns: ['2'] }).task.naive,
    ).be.undefined()
    should(
      source({ data, validationSplit: 0.3, targetColumns: ['2'], targetKind: 'class' }).task.naive,
    ).be.undefined()
    should(source({ data, validationSplit: 0.3, targetColumns: ['1'] }).task.naive).equal(1)
  })
})

describe('a data set that will not do', () => {
  const data = upTo(20)
  const wrong: [what: string, options: Partial<SourceOptions>, message: string][] = [
    ['no data', {}, 'expected data for the task dataset, got none'],
    [
      'too few readings for a window',
      { data: [1, 2, 3] },
      'expected at least 4 readings to learn from (a window of 3 and the horizon of 1), got 3 of 3 readings',
    ],
    [
      'too few once some are held out',
      { data: upTo(6), length: 5, validationSplit: 0.5 },
      'expected at least 6 readings to learn from (a window of 5 and the horizon of 1), got 3 of 6 readings',
    ],
    [
      'classes that are not whole',
      { data: [0, 1, 1.5, 1], length: 1, targetKind: 'class' },
      'expected whole numbers or texts as classes in column 1, got 1.5 in reading 3',
    ],
    [
      'a gap among the classes',
      {
        data: 'a,kind\n1,x\n2,\n3,y\n',
        length: 1,
        columns: ['a'],
        targetColumns: ['kind'],
        targetKind: 'class',
      },
      'expected a finite number or a text in column kind, row 3, got an empty text',
    ],
    [
      'classes in two columns',
      { data: upTo(9).map((n) => [n, n]), targetKind: 'class' },
      'expected one target column for classes, got 2: 1, 2',
    ],
    ['an unknown column', { data, columns: ['temp'] }, 'expected one of the columns 1, got "temp"'],
    [
      'an unknown target column',
      { data, targetColumns: ['temp'] },
      'expected one of the columns 1, got "temp"',
    ],
    [
      'a negative horizon',
      { data, horizon: -1 },
      'expected horizon to be a whole number from 0 up to 10000000, got -1',
    ],
    [
      'a stride of 0',
      { data, stride: 0 },
      'expected stride to be a whole number from 1 up to 10000000, got 0',
    ],
    ['a window of 0', { data, length: 0 }, 'expected length to be a whole number from 1 up to 100000, got 0'],
    [
      'everything held out',
      { data, validationSplit: 1 },
      'expected validationSplit to be a number from 0 up to 0.9, got 1',
    ],
    [
      'an unknown scaling',
      { data, scaling: 'min-max' as 'none' },
      'expected scaling to be one of z-score, none, got the text "min-max"',
    ],
    [
      'NaN among the readings',
      { data: [1, 2, Number.NaN, 4, 5] },
      'expected a finite number in column 1, row 3, got NaN',
    ],
  ]
  for (const [what, given, message] of wrong) it(what, () => throwsExpected(() => source(given), message))
})
