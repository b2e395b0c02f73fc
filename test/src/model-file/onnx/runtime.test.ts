/**
 * The file run by ONNX Runtime (onnxruntime-node 1.16.3, the last that downloads nothing when it is installed): the same
 * outputs and last states as the cell's own.
 *
 * Both compute in float32, whose numbers are 1.2e-7 apart at 1, and add in another order. So what is within 1e-6 of each
 * other is the same; of a number above 1 it is 1e-6 of it.
 */
import fc from 'fast-check'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import should from 'should'
import {
  activationNames,
  type Cell,
  type CellOptions,
  cellTypes,
  isTensor,
  lastState,
  loadModel,
  type Model,
  predictions,
  readoutNames,
  rnnCell,
  type Scale,
  saveModel,
  type Tensor,
  tensor,
  unroll,
} from '../../../../src'
import { encodeModel } from '../../../../src/model-file/onnx/codec'
import { random } from '../../../../src/random/random'
import { scaleFeatures, unscaleFeatures } from '../../../../src/sequence-source/scaling'
import { swapFirstAxes } from '../../../../src/tensor/axes'
import { cellOf } from '../forms'
import { applyChange, changesOf } from './changes'
import { draftOf } from './drafts'

const { uniform } = random(3)
const drawn = (shape: number[], low = -1, high = 1): Tensor =>
  tensor(
    'float32',
    shape,
    Float32Array.from({ length: shape.reduce((product, size) => product * size) }, () => uniform(low, high)),
  )

const ort = ({ data, shape }: Tensor) => new OrtTensor('float32', data as Float32Array, shape)
const session = (file: Buffer) =>
  InferenceSession.create(file, { logSeverityLevel: 4, intraOpNumThreads: 1, interOpNumThreads: 1 })

/** The largest difference, of numbers above 1 relative to them. */
function distance(got: OrtTensor, wanted: Tensor, floor = 1): number {
  should(got.dims).eql([...wanted.shape])
  let largest = 0
  wanted.data.forEach((value, index) => {
    const difference = Math.abs((got.data as Float32Array)[index] - value) / Math.max(floor, Math.abs(value))
    largest = Math.max(largest, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference)
  })
  return largest
}

interface Sizes {
  readonly steps: number
  readonly batch: number
}

const lanesOf = ({ layers, bidirectional }: Cell) => layers * (bidirectional ? 2 : 1)

/** Inputs [B, T, D] and states to begin with, of an LSTM h and c. */
function drawnFor(cell: Cell, { steps, batch }: Sizes) {
  const states = [lanesOf(cell), batch, cell.sizes.hiddenSize]
  const h = drawn(states)
  const c = cell.type === 'lstm' ? drawn(states) : undefined
  return { inputs: drawn([batch, steps, cell.sizes.inputSize]), h, c }
}

/** Of every output the largest difference between the runtime and the cell. */
async function differences(cell: Cell, runtime: InferenceSession, sizes: Sizes): Promise<number> {
  const { inputs, h, c } = drawnFor(cell, sizes)
  const given = {
    input: ort(swapFirstAxes(inputs)),
    initial_h: ort(h),
    ...(c && { initial_c: ort(c) }),
  }
  const got = await runtime.run(given)
  const flat = (state: Tensor): Tensor =>
    lanesOf(cell) === 1 ? { ...state, shape: state.shape.slice(1) } : state
  const initialState = c ? { h: flat(h), c: flat(c) } : flat(h)
  const every = unroll(cell, inputs, { topology: 'many-to-many', initialState })
  const last = unroll(cell, inputs, { topology: 'many-to-one', initialState })
  const end = lastState(every)
  const states = isTensor(end) ? { h: end } : end
  const stacked = (state: Tensor) => ({ ...state, shape: h.shape })
  return Math.max(
    distance(got.output, every.outputs),
    distance(got.last_output, { ...last.outputs, shape: last.outputs.shape.slice(1) }),
    distance(got.last_h, stacked(states.h)),
    'c' in states ? distance(got.last_c, stacked(states.c)) : 0,
  )
}

/** Of each type all that ONNX has a word for. */
const options: Record<string, Partial<CellOptions>[]> = {
  rnn: [{}, { clip: 0.5 }],
  gru: [{}, { resetAfter: false }, { gateActivation: 'hard-sigmoid' }, { resetAfter: false, clip: 0.5 }],
  lstm: [
    {},
    { peepholes: true },
    { gateActivation: 'hard-sigmoid', clip: 0.7 },
    { peepholes: true, gateActivation: 'hard-sigmoid', clip: 2 },
  ],
}

/** Inputs [5, 3, 2] */
const steps = drawn([5, 3, 2], -2, 2)

const tried = <T>(action: () => T): T | undefined => {
  try {
    return action()
  } catch {
    return undefined
  }
}

/** What a file whose states are [K, batch, 2] makes of them, beginning with zeros; undefined if it cannot be run. */
async function ran(file: Buffer): Promise<InferenceSession.OnnxValueMapType | undefined> {
  try {
    const runtime = await session(file)
    const { layers, bidirectional } = loadModel(file).form
    const zeros = ort(tensor('float32', [layers * (bidirectional ? 2 : 1), 3, 2]))
    const states = runtime.inputNames.filter((name) => name !== 'input').map((name) => [name, zeros])
    return await runtime.run({ input: ort(steps), ...Object.fromEntries(states) })
  } catch {
    return undefined
  }
}

/** What the model that was read makes of them, at every step, in the units of its data. */
function outputsOf({ scale, ...model }: Model): Tensor {
  const wide = { ...steps, dtype: 'float64' as const, data: Float64Array.from(steps.data) }
  const inputs = swapFirstAxes(scale ? scaleFeatures(wide, scale.input) : wide)
  const { outputs } = unroll(cellOf(model), inputs, { topology: 'many-to-many' })
  return scale?.target ? unscaleFeatures(outputs, scale.target) : outputs
}

describe('an ONNX file in ONNX Runtime', () => {
  for (const type of cellTypes)
    for (const layers of [1, 2, 3])
      for (const bidirectional of [false, true])
        it(`gives the same: ${type}, layers ${layers}${bidirectional ? ', both directions' : ''}`, async () => {
          let count = 0
          for (const activation of activationNames)
            for (const more of options[type]) {
              const readout = readoutNames[count++ % readoutNames.length]
              const cell = rnnCell({
                type,
                activation,
                layers,
                bidirectional,
                ...more,
                readout,
                inputSize: 3,
                hiddenSize: 8,
                ...(readout !== 'none' && { outputSize: 2 }),
                seed: count,
              })
              const runtime = await session(saveModel(cell, 'onnx'))
              for (const sizes of [
                { steps: 12, batch: 3 },
                { steps: 1, batch: 1 },
              ])
                should(await differences(cell, runtime, sizes)).be.belowOrEqual(
                  1e-6,
                  JSON.stringify({ activation, ...more, readout, ...sizes }),
                )
            }
        })

  it('gives the same at a size that is not small: 64 states, 100 steps, 8 sequences', async () => {
    for (const type of cellTypes) {
      const cell = rnnCell({
        type,
        layers: 2,
        bidirectional: true,
        inputSize: 16,
        hiddenSize: 64,
        outputSize: 4,
      })
      const sizes = { steps: 100, batch: 8 }
      should(await differences(cell, await session(saveModel(cell, 'onnx')), sizes)).be.belowOrEqual(
        1e-6,
        type,
      )
    }
  })

  it('goes on from the states that it gave: two halves are the whole', async () => {
    const cell = rnnCell({ type: 'lstm', layers: 2, inputSize: 2, hiddenSize: 5, outputSize: 1 })
    const runtime = await session(saveModel(cell, 'onnx'))
    const { inputs, h, c } = drawnFor(cell, { steps: 8, batch: 2 })
    const steps = swapFirstAxes(inputs)
    const half = (index: number) =>
      ort(tensor('float32', [4, 2, 2], steps.data.slice(index * 16, (index + 1) * 16)))
    const begin = { initial_h: ort(h), initial_c: ort(c as Tensor) }
    const whole = await runtime.run({ input: ort(steps), ...begin })
    const first = await runtime.run({ input: half(0), ...begin })
    const second = await runtime.run({ input: half(1), initial_h: first.last_h, initial_c: first.last_c })
    should(
      distance(second.last_output, tensor('float32', [2, 1], whole.last_output.data as Float32Array)),
    ).be.below(1e-6)
  })

  it('gives what was read of a graph that somebody has changed, if it could be read at all', async () => {
    const scale = { input: { mean: [1, 2], std: [3, 4] }, target: { mean: [5, 6], std: [6, 7] } }
    const drafts = (
      [
        { type: 'gru', layers: 2, readout: 'softmax' },
        { type: 'lstm', layers: 2, bidirectional: true, readout: 'sigmoid' },
        { type: 'rnn' },
      ] as const
    ).flatMap((options) => {
      const cell = rnnCell({ ...options, inputSize: 2, hiddenSize: 2, outputSize: 2 })
      return [saveModel(cell, 'onnx'), saveModel(cell, 'onnx', { scale, scaleInside: true })].map(draftOf)
    })
    let compared = 0
    const samples = fc.sample(fc.tuple(fc.nat(), changesOf('operator', 'input', 'input', 'value')), {
      numRuns: 1500,
      seed: 1,
    })
    for (const [which, changes] of samples) {
      const model = structuredClone(drafts[which % drafts.length])
      for (const change of changes) applyChange(model, change)
      const file = encodeModel({ ...model, metadataProps: [] })
      const [read, got] = [tried(() => loadModel(file)), await ran(file)]
      if (!read || !got) continue
      const wanted = outputsOf(read)
      const every = Object.values(got).filter(({ dims }) => dims.join() === wanted.shape.join())
      for (const output of every)
        should(distance(output, wanted)).be.below(1e-5, JSON.stringify({ which, changes }))
      compared += every.length
    }
    should(compared).be.above(100)
  })

  it('computes a cell of float64 in float32', async () => {
    const made = { type: 'gru', inputSize: 2, hiddenSize: 6, outputSize: 3 } as const
    const cell = rnnCell({ ...made, precision: 'float64' })
    const runtime = await session(saveModel(cell, 'onnx'))
    should(await differences(cell, runtime, { steps: 20, batch: 2 })).be.belowOrEqual(1e-6)
  })

  it('answers in the units of the data if the scale is inside', async () => {
    const scale: Scale = {
      input: { mean: [11.7, 1013], std: [4.1, 9.5] },
      target: { mean: [11.7], std: [4.1] },
    }
    for (const target of [scale.target, undefined]) {
      const cell = rnnCell({ type: 'gru', inputSize: 2, hiddenSize: 6, outputSize: 1, bidirectional: true })
      const runtime = await session(
        saveModel(cell, 'onnx', { scale: { ...scale, target }, scaleInside: true }),
      )
      const [steps, batch] = [10, 3]
      const data = drawn([batch, steps, 2])
      // 980 to 1040 in the second column has 6e-5 between two numbers of float32, which is 6e-6 of its deviation
      const inputs = {
        ...data,
        data: data.data.map((value, index) => (index % 2 ? 1010 + 30 * value : 10 + 8 * value)),
      }
      const zeros = ort(tensor('float32', [2, batch, 6]))
      const got = await runtime.run({ input: ort(swapFirstAxes(inputs as Tensor)), initial_h: zeros })
      const wide = { ...inputs, dtype: 'float64' as const, data: Float64Array.from(inputs.data) }
      const scaled = scaleFeatures(wide, scale.input)
      for (const [topology, name] of [
        ['many-to-many', 'output'],
        ['many-to-one', 'last_output'],
      ] as const) {
        const answers = predictions(unroll(cell, scaled, { topology }), target) as number[][][]
        const rows = tensor('float64', [answers.flat(3).length], Float64Array.from(answers.flat(3)))
        const own = topology === 'many-to-many' ? swapFirstAxes({ ...rows, shape: [batch, steps, 1] }) : rows
        should(distance(got[name], { ...own, shape: [...got[name].dims] }, 4)).be.below(3e-6, name)
      }
    }
  })
})
