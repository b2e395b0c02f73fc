/** One sequence a group. Most readings here are their own number, so that a value says where it is from. */
import fc from 'fast-check'
import should from 'should'
import { type Batch, type SourceOptions, sequenceSource } from '../../../src'
import { throwsExpected } from '../../support/throws'

const source = (options: Partial<SourceOptions>) =>
  sequenceSource({
    task: 'dataset',
    groupColumn: 'walk',
    targetColumns: ['n'],
    columns: ['n'],
    scaling: 'none',
    shuffle: false,
    batch: 1000,
    epochs: 1,
    validationSplit: 0,
    ...options,
  })
/** The readings 0, 1, 2, … of the given walks. */
const walks = (...names: (string | number)[]) => names.map((walk, n) => ({ walk, n, big: 100 * n }))
const rows = (batches: Iterable<Batch>) =>
  [...batches].flatMap(({ inputs, targets, lengths }) => {
    const [count, longest, size] = inputs.shape
    const [x, y] = [inputs, targets].map(({ data }) => (row: number) => [
      ...data.slice((row * data.length) / count, ((row + 1) * data.length) / count),
    ])
    return Array.from({ length: count }, (_, row) => {
      const length = lengths?.[row] ?? Number.NaN
      const padding = x(row).slice(length * size)
      should(padding).eql(new Array((longest - length) * size).fill(0))
      return { sequence: x(row).slice(0, length * size), target: y(row) }
    })
  })

describe('a data set with groups', () => {
  const data = walks('b', 'b', 'a', 'b', 'c', 'a')

  it('has a sequence for each, in the order of its rows, with the target of its last row', () => {
    should(rows(source({ data }))).eql([
      { sequence: [0, 1, 3], target: [3] },
      { sequence: [2, 5], target: [5] },
      { sequence: [4], target: [4] },
    ])
  })

  it('fills sequences up with zeros to the longest of their batch, and tells their lengths', () => {
    const batches = [...source({ data: walks(2, 2, 1, 1, 1, 0), batch: 2 })]
    should(batches.map(({ lengths }) => lengths)).eql([[2, 3], [1]])
    should(batches.map(({ inputs }) => inputs.shape)).eql([
      [2, 3, 1],
      [1, 1, 1],
    ])
    should([...batches[0].inputs.data]).eql([0, 1, 0, 2, 3, 4])
  })

  it('tells its longest length, whether held out or not, and that lengths differ', () => {
    const { task } = source({ data: walks(2, 2, 1, 3, 3, 3), validationSplit: 0.3 })
    should([task.length, task.variableLength, task.trainCount, task.validationCount]).eql([3, true, 2, 1])
  })

  it('has a target for every row if asked, filled up like the inputs', () => {
    const from = source({ data, targetsPer: 'step', targetColumns: ['big'] })
    should(rows(from)).eql([
      { sequence: [0, 1, 3], target: [0, 100, 300] },
      { sequence: [2, 5], target: [200, 500, 0] },
      { sequence: [4], target: [400, 0, 0] },
    ])
    const [{ targets }] = source({ data, targetsPer: 'step', targetColumns: ['big', 'n'] })
    should(targets.shape).eql([3, 3, 2])
    const [classes] = source({ data, targetsPer: 'step', targetKind: 'class' })
    should(classes.targets.shape).eql([3, 3])
  })

  it('ends sequences a horizon before their groups, whose last row still is the target', () => {
    const given = walks(1, 1, 1, 2, 2, 2, 2)
    should(rows(source({ data: given, horizon: 2 }))).eql([
      { sequence: [0], target: [2] },
      { sequence: [3, 4], target: [6] },
    ])
    should(rows(source({ data: given, horizon: 2, targetsPer: 'step' }))).eql([
      { sequence: [0], target: [2, 0] },
      { sequence: [3, 4], target: [5, 6] },
    ])
  })

  it('forecasts one row ahead if no target columns are named', () => {
    should(rows(source({ data: walks(1, 1, 1, 2, 2), targetColumns: [] }))).eql([
      { sequence: [0, 1], target: [2] },
      { sequence: [3], target: [4] },
    ])
  })

  it('has a naive error where it forecasts: never across groups', () => {
    const { task } = source({ data: walks(1, 1, 1, 2, 3, 2, 3), targetColumns: [], validationSplit: 0.6 })
    should([task.trainCount, task.naive]).eql([1, 2])
  })

  it('shows by itself all numbers but those of group and target', () => {
    const numbered = walks(1, 1, 2, 2).map((row) => ({ ...row, kind: row.walk, note: 'text' }))
    const from = source({ data: numbered, columns: [], targetColumns: ['kind'], targetKind: 'class' })
    should(rows(from)).eql([
      { sequence: [0, 0, 1, 100], target: [0] },
      { sequence: [2, 200, 3, 300], target: [1] },
    ])
    should(from.task.classes).eql([1, 2])
  })

  it('is read from CSV', () => {
    const csv = 'walk,n,kind\n7,1,in\n7,2,in\n9,3,out\n'
    const from = source({ data: csv, targetColumns: ['kind'], targetKind: 'class' })
    should(rows(from)).eql([
      { sequence: [1, 2], target: [0] },
      { sequence: [3], target: [1] },
    ])
    should(from.task.classes).eql(['in', 'out'])
  })
})

describe('the split by group', () => {
  /** 20 walks of 1 to 4 rows each. */
  const names = Array.from({ length: 20 }, (_, walk) => new Array(1 + (walk % 4)).fill(walk)).flat()
  const data = walks(...names)
  const groupsOf = (batches: Iterable<Batch>) => rows(batches).map(({ sequence }) => names[sequence[0]])

  it('is in the order of the data if it is not to be shuffled', () => {
    const from = source({ data, validationSplit: 0.25 })
    should(groupsOf(from)).eql(Array.from({ length: 15 }, (_, walk) => walk))
    should(groupsOf(from.validation())).eql([15, 16, 17, 18, 19])
  })

  it('is drawn by the seed otherwise: every group once, on one side', () => {
    const held = new Set<string>()
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
        const from = source({ data, validationSplit: 0.2, shuffle: true, seed })
        const [train, validation] = [groupsOf(from), groupsOf(from.validation())]
        should([train.length, validation.length]).eql([16, 4])
        should([...train, ...validation].sort((a, b) => a - b)).eql(
          Array.from({ length: 20 }, (_, walk) => walk),
        )
        should(groupsOf(source({ data, validationSplit: 0.2, shuffle: true, seed }).validation())).eql(
          validation,
        )
        held.add(String(validation))
      }),
      { numRuns: 30 },
    )
    should(held.size).be.above(20)
  })

  it('visits the groups that are learned from in another order each epoch', () => {
    const from = source({ data, validationSplit: 0.2, shuffle: true, epochs: 3, batch: 16 })
    const orders = [...from].map((batch) => groupsOf([batch]))
    should(new Set(orders.map(String)).size).equal(3)
    should(new Set(orders.map((order) => String(order.sort((a, b) => a - b)))).size).equal(1)
  })

  it('fits the scale on the groups that are learned from, and on no other', () => {
    for (const shuffle of [false, true]) {
      const plain = source({ data, validationSplit: 0.5, shuffle })
      const seen = rows(plain).flatMap(({ sequence }) => sequence)
      const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length
      const std = Math.sqrt(seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / seen.length)
      const { scale } = source({ data, validationSplit: 0.5, shuffle, scaling: 'z-score' }).task
      for (const of of [scale?.input, scale?.target]) {
        should(of?.mean[0]).be.approximately(mean, 1e-12)
        should(of?.std[0]).be.approximately(std, 1e-12)
      }
    }
  })
})

describe('groups that will not do', () => {
  const wrong: [what: string, options: Partial<SourceOptions>, message: string][] = [
    [
      'an unknown column',
      { data: walks(1, 1), groupColumn: 'trip' },
      'expected one of the columns walk, n, big, got "trip"',
    ],
    [
      'a row of no group',
      { data: 'walk,n\n1,1\n,2\n' },
      'expected a finite number or a text in column walk, row 3, got an empty text',
    ],
    [
      'a group no longer than the horizon',
      { data: walks('x', 'x', 'y'), horizon: 1 },
      'expected at least 2 readings in every group (one and the horizon of 1), got 1 in group the text "y"',
    ],
    [
      'no group to learn from',
      { data: walks(1, 1), validationSplit: 0.8 },
      'expected at least one group to learn from, got 0 of 1 groups',
    ],
    [
      'a negative horizon',
      { data: walks(1, 1), horizon: -1 },
      'expected horizon to be a whole number from 0 up to 10000000, got -1',
    ],
  ]
  for (const [what, options, message] of wrong) it(what, () => throwsExpected(() => source(options), message))
})
