/** The preview of a source: the very first sequence that the node would send, and never more than a picture shows. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { NodeAPI } from 'node-red'
import should from 'should'
import { type SequenceSourceConfig, sourceOptions } from '../../../nodes/sequence-source/options'
import { closePreviews } from '../../../nodes/sequence-source/preview/aside'
import { sourcePreview } from '../../../nodes/sequence-source/preview/source-preview'
import { configureLimits, sequenceSource, type Tensor, taskNames, toNested } from '../../../src'

type Done = (error: null, value: unknown) => void

const folder = mkdtempSync(join(tmpdir(), 'rnn-preview-'))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return name
}

const RED = {
  settings: { fileWorkingDirectory: folder },
  nodes: { getNode: () => null },
  util: {
    evaluateNodeProperty: (value: string, type: string, _: object, __: object, done: Done) =>
      done(null, type === 'env' ? process.env[value] : value),
  },
} as unknown as NodeAPI

const configOf = (fields: object) => fields as SequenceSourceConfig
const preview = (fields: object) => sourcePreview(RED, configOf(fields))

const readings = file(
  'readings.csv',
  `day,a,b,kind\n${Array.from({ length: 60 }, (_, row) => `${Math.floor(row / 12)},${row},${row % 5},${row % 3 ? 'up' : 'down'}`).join('\n')}`,
)

describe('the preview of a source', () => {
  after(() => {
    rmSync(folder, { recursive: true, force: true })
    return closePreviews()
  })

  it('refuses what the node would refuse under the limits of the process', async () => {
    const config = { task: 'text', from: 'typed', text: 'abcdefgh'.repeat(9), length: '4' }
    await preview(config)
    configureLimits({ maxVocabulary: 7 }, (limit) => `${limit} of this test`)
    try {
      await should(preview(config)).be.rejectedWith(
        /characters in a text \(maxVocabulary of this test\), got 8$/,
      )
    } finally {
      configureLimits()
    }
    await preview(config)
  })

  for (const task of taskNames.filter((name) => name !== 'dataset' && name !== 'text'))
    for (const seed of ['1', '7'])
      it(`${task}, seed ${seed}: is the first sequence that the node sends`, async () => {
        const config = { task, seed, batch: '32', budget: '5' }
        const { options } = sourceOptions(configOf(config))
        const { value: batch } = sequenceSource(options).next()
        const first = ({ shape, data }: Tensor) => {
          const size = data.length / shape[0]
          return toNested({ shape: shape.slice(1), dtype: 'float64', data: data.slice(0, size) }) as never
        }
        const { inputs, symbols, targets, targetMask, length } = await preview(config)
        const given = (first(batch?.inputs as Tensor) as number[][]).slice(0, batch?.lengths?.[0])
        should(length).equal(given.length)
        if (symbols) should(symbols).eql(given.map((row) => row.indexOf(1)))
        else should(inputs).eql(given)
        const flat = [first(batch?.targets as Tensor)].flat(3).slice(0, targets.flat().length)
        should(targets.flat()).eql(flat)
        if (batch?.targetMask) should(targetMask).eql(first(batch.targetMask))
      })

  it('of a file is the window that the node sends first, scaled as it scales it', async () => {
    const config = { task: 'dataset', from: 'file', file: readings, columns: 'a, b', length: '4' }
    const { value: batch } = sequenceSource({
      ...sourceOptions(configOf(config)).options,
      data: `a,b\n${Array.from({ length: 60 }, (_, row) => `${row},${row % 5}`).join('\n')}`,
    }).next()
    const shown = await preview(config)
    should(shown.inputs).eql((toNested(batch?.inputs as Tensor) as number[][][])[0])
    should(shown).match({ names: ['a', 'b'], targetNames: ['a', 'b'], isScaled: true, length: 4 })
    should(await preview({ ...config, scaling: 'none' })).match({ isScaled: false })
  })

  it('of groups is one of them, with the classes that the data have', async () => {
    const shown = await preview({
      task: 'dataset',
      from: 'file',
      file: readings,
      groupColumn: 'day',
      targetColumns: 'kind',
      targetKind: 'class',
      scaling: 'none',
    })
    should(shown).match({ length: 12, targetKind: 'class', names: ['a', 'b'], classNames: { 1: 'up' } })
  })

  it('of a text has its characters, each with its name', async () => {
    const text = 'abcab\n'.repeat(20)
    const shown = await preview({ task: 'text', text, length: '6', shuffle: false, validationSplit: '0' })
    should(shown.inputs).eql([])
    should(shown.inputSize).equal(4)
    const named = (places: readonly (number | null)[] = []) =>
      places.map((place) => shown.symbolNames?.[place as number]).join('')
    should(named(shown.symbols)).equal('abcab\n')
    should(named(shown.targets.flat())).equal('bcab\na')
    should(shown.classNames).eql(shown.symbolNames)
    const places = await preview({ task: 'text', text, length: '6', shuffle: false, encoding: 'index' })
    should(places.symbols).be.undefined()
    should(places.inputs).eql([[1], [2], [3], [1], [2], [0]])
  })

  it('takes the name of a file from the environment', async () => {
    process.env.RNN_PREVIEW_FILE = readings
    const config = { task: 'dataset', from: 'file', file: 'RNN_PREVIEW_FILE', fileType: 'env' }
    should(await preview(config)).have.property('length', 20)
    delete process.env.RNN_PREVIEW_FILE
    await should(preview(config)).be.rejectedWith(/expected file in env.RNN_PREVIEW_FILE, got nothing there/)
  })

  it('finds the data that this package ships', async () => {
    const config = { task: 'dataset', from: 'file', file: 'data/daily-min-temperatures.csv' }
    should(await preview(config)).match({ length: 20, names: ['Temp'] })
  })

  it('shows no more than 500 steps and 8 features, and says how many there are', async () => {
    const names = Array.from({ length: 12 }, (_, column) => `c${column}`)
    const rows = Array.from({ length: 900 }, (_, row) => names.map((_, column) => row + column).join())
    const wide = file('wide.csv', [names.join(), ...rows].join('\n'))
    const shown = await preview({
      task: 'dataset',
      from: 'file',
      file: wide,
      length: '600',
      targetsPer: 'step',
    })
    should(shown).match({ length: 600, inputSize: 12, targetLength: 600, outputSize: 12 })
    should([shown.inputs.length, shown.inputs[0].length]).eql([500, 8])
    should([shown.targets.length, shown.targets[0].length]).eql([500, 8])
    should([shown.names?.length, shown.targetNames?.length]).eql([8, 8])
    should(JSON.stringify(shown).length).be.below(200_000)
  })

  it('has null where a number is not finite, so that it may be JSON', async () => {
    const shown = await preview({ task: 'sine', noise: '1e308', length: '50' })
    should(JSON.parse(JSON.stringify(shown))).eql(shown)
  })

  for (const [fields, message] of [
    [{ task: 'mine' }, /expected task to be one of dataset/],
    [{ task: 'sine', length: '1' }, /expected length to be a whole number from 2/],
    [{ task: 'sine', length: 'many' }, /expected length to be a number, got the text "many"/],
    [{ task: 'dataset', from: 'payload' }, /got msg\.payload/],
    [
      { task: 'dataset', from: 'file', file: 'x', fileType: 'msg' },
      /before a message comes, got one from msg/,
    ],
    [{ task: 'dataset', from: 'file', file: 'x', fileType: 'flow' }, /got one from flow/],
    [{ task: 'dataset', from: 'file', file: '' }, /expected the name of a file, got a blank field/],
    [{ task: 'dataset', from: 'file', file: 'none.csv' }, /expected a file that can be read/],
    [{ task: 'dataset', from: 'file', file: '.' }, /expected a plain file, got \./],
    [{ task: 'dataset', from: 'file', file: '/dev/zero' }, /expected a plain file/],
    [
      { task: 'dataset', from: 'file', file: readings, columns: 'z' },
      /expected one of the columns day, a, b/,
    ],
    [{ task: 'text', text: '' }, /expected a text for the task text, got none/],
    [{ task: 'text', text: 'a'.repeat(2_000_001) }, /at most 2000000 characters/],
    [{ task: 'adding', length: '10001' }, /at most 10000 steps for a preview, got 10001/],
    [{ task: 'reverse', length: '5000', symbols: '1000' }, /a smaller sequence for a preview/],
    [{ task: 'lorenz', length: '10000', horizon: '1000000' }, /a smaller sequence for a preview/],
  ] as const)
    it(`says what is wrong: ${JSON.stringify(fields).slice(0, 80)}`, () =>
      should(preview(fields)).be.rejectedWith(message))

  it('refuses a file that is too large to be read in passing', async () => {
    const large = file('large.csv', `a\n${'1\n'.repeat(1_000_001)}`)
    const config = { task: 'dataset', from: 'file', file: large }
    await should(preview(config)).be.rejectedWith(
      /expected a file of at most 2000000 bytes, got 2000004 bytes/,
    )
  })

  for (const fields of [
    { task: 'mackey-glass', epochSize: '10000000', stride: '1' },
    { task: 'lorenz', epochSize: '3200', stride: '10000000' },
    { task: 'adding', epochSize: '10000000', validationSplit: '0.9' },
    { task: 'copy-memory', length: '10000', remember: '1000' },
  ])
    it(`does not hold the runtime up: ${JSON.stringify(fields)}`, async () => {
      const begun = performance.now()
      await preview(fields)
      should(performance.now() - begun).be.below(1000)
    })

  it('is found among the examples by a node that is not deployed yet', async () => {
    const config = {
      id: 'new',
      task: 'dataset',
      from: 'file',
      file: resolve(folder, readings),
      fileType: 'str',
    }
    should(await preview(config)).have.property('inputSize', 3)
  })
})
