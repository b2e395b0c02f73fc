/** Which options a task uses: with another value it is another task. All others it ignores. */
import should from 'should'
import { type SourceOptions, sequenceSource, taskNames } from '../../../src'
import { commonOptions, taskOptions } from '../../../src/sequence-source/options'

type Options = Omit<SourceOptions, 'task'>

const table = Array.from({ length: 40 }, (_, n) => ({ a: Math.sin(n), b: n, c: n % 3, d: n % 4 }))
const letters = 'pack my box with five dozen liquor jugs, and then some more of the very same'

/** What is special to a task; lengths are small. */
const base: Partial<Record<string, Options>> = {
  dataset: { data: table, targetColumns: ['c'] },
  'embedded-reber': { length: 50 },
  text: { data: letters, batch: 3 },
}
const small: Options = { length: 12, epochSize: 30, batch: 10 }

/** For every option a value that no task has by itself. */
const others: Required<Options> = {
  batch: 11,
  seed: 2,
  validationSplit: 0.4,
  epochs: 2,
  steps: 4,
  length: 8,
  targetsPer: 'step',
  horizon: 3,
  stride: 2,
  shuffle: false,
  scaling: 'none',
  data: table.map((row) => ({ ...row, a: row.a + 1 })),
  columns: ['b'],
  targetColumns: ['d'],
  targetKind: 'class',
  groupColumn: 'd',
  epochSize: 31,
  noise: 0.7,
  symbols: 3,
  remember: 4,
  delay: 3,
  components: 2,
  tau: 20,
  text: `${letters}?`,
  encoding: 'index',
}

/** Everything that can be seen of a source. */
const seen = (options: SourceOptions) => {
  const { task, next, validation, ...facts } = sequenceSource(options)
  const batches = Array.from({ length: 5 }, next)
  return JSON.stringify([task, facts, batches, [...validation()]])
}

describe('the options of each task', () => {
  for (const task of taskNames) {
    const options: SourceOptions = { task, ...small, ...base[task] }
    const plain = seen(options)
    const used = [...commonOptions, ...taskOptions[task]]
    for (const name of Object.keys(others) as (keyof Options)[]) {
      const value = task === 'text' && name === 'data' ? `${letters}!` : others[name]
      const uses = used.includes(name)
      it(`${task} ${uses ? 'uses' : 'ignores'} ${name}`, () =>
        should(seen({ ...options, [name]: value }) !== plain).equal(uses))
    }
  }

  it('are listed once', () => {
    for (const task of taskNames) {
      const used = [...commonOptions, ...taskOptions[task]]
      should(new Set(used).size).equal(used.length)
    }
  })
})

describe('the defaults of each task', () => {
  const defaults: Options = {
    batch: 32,
    seed: 1,
    validationSplit: 0.2,
    length: 20,
    targetsPer: 'sequence',
    horizon: 1,
    stride: 1,
    shuffle: true,
    scaling: 'z-score',
    targetKind: 'value',
    epochSize: 3200,
    noise: 0.1,
    symbols: 2,
    remember: 10,
    delay: 5,
    components: 3,
    tau: 17,
    encoding: 'one-hot',
  }
  const own: Partial<Record<string, Options>> = {
    'embedded-reber': { length: 50 },
    reverse: { length: 8, symbols: 10 },
    text: { stride: 20 },
  }
  for (const task of taskNames)
    it(`${task}: are those that are documented`, () => {
      const given: SourceOptions = { task, ...base[task] }
      const first = (options: SourceOptions) => {
        const { task, next, epochSteps, validationSteps } = sequenceSource(options)
        return JSON.stringify([task, epochSteps, validationSteps, next()])
      }
      should(first(given)).equal(first({ ...defaults, ...own[task], ...given }))
    })
})
