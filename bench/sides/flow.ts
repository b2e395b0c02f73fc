/** Ours, as a flow: six nodes in Node-RED's runtime, from the message that asks for a batch to the update made. */

import { type FlowNode, type Runtime, startRuntime } from '../node-red'
import { batchMajor, learningRate, type Problem, threshold } from '../problem'
import type { Side } from './side'

const at = { z: 'tab', x: 0, y: 0 }

/** The loop of the README; what asks for the next batch goes by the gate. */
export function loopOf({ of, parameters }: Problem): object[] {
  const { type, hidden, batch, steps, features } = of
  const typedIn = Object.fromEntries(parameters.map(({ name, shape, data }) => [name, nested(data, shape)]))
  const names = (letter: string) =>
    Array.from({ length: features }, (_, index) => `${letter}${index + 1}`).join(', ')
  return [
    { id: 'tab', type: 'tab', label: 'bench' },
    { ...at, id: 'gate', type: 'bench-gate', wires: [['source']] },
    {
      ...at,
      id: 'source',
      type: 'sequence-source',
      task: 'dataset',
      from: 'payload',
      columns: names('x'),
      targetColumns: names('y'),
      targetsPer: 'step',
      length: String(steps),
      stride: String(steps),
      horizon: '0',
      batch: String(batch),
      scaling: 'none',
      shuffle: false,
      validationSplit: '0',
      wires: [['cell'], []],
    },
    {
      ...at,
      id: 'cell',
      type: 'rnn-cell',
      cellType: type,
      hiddenSize: String(hidden),
      parameters: JSON.stringify(typedIn),
      wires: [['unroll'], ['gate'], []],
    },
    { ...at, id: 'unroll', type: 'unroll', topology: 'many-to-many', wires: [['bptt']] },
    { ...at, id: 'bptt', type: 'bptt-gradient', configVersion: 2, loss: 'mse', wires: [['clip'], []] },
    {
      ...at,
      id: 'clip',
      type: 'clip-gradient',
      rule: 'global-norm',
      threshold: String(threshold),
      wires: [['optimizer']],
    },
    {
      ...at,
      id: 'optimizer',
      type: 'optimizer',
      rule: 'adam',
      learningRate: String(learningRate),
      wires: [['cell']],
    },
  ]
}

/** The batch as readings: one sequence after another, columns x1 … and y1 … */
export function readingsOf({ of, inputs, targets }: Problem): Record<string, number>[] {
  const [x, y] = [batchMajor(inputs, of), batchMajor(targets, of)]
  return Array.from({ length: of.batch * of.steps }, (_, row) => {
    const reading: Record<string, number> = {}
    for (let feature = 0; feature < of.features; feature++) {
      reading[`x${feature + 1}`] = x[row * of.features + feature]
      reading[`y${feature + 1}`] = y[row * of.features + feature]
    }
    return reading
  })
}

function nested(data: Float32Array, [rows, columns]: readonly number[]): unknown[] {
  if (columns === undefined) return [...data]
  return Array.from({ length: rows }, (_, row) => [...data.subarray(row * columns, (row + 1) * columns)])
}

interface FlowGradient {
  parameters: Record<string, { data: Buffer }>
}

export function flow(): Side {
  let runtime: Runtime | undefined
  let gate: FlowNode
  let arrived: (msg: object) => void = () => {}
  const stepped = (msg: object): Promise<object> =>
    new Promise((resolve) => {
      arrived = resolve
      gate.send(msg)
    })
  /** what the last step left behind, on its way to ask for the next batch */
  let next: object = {}

  return {
    name: 'flow',
    plays: () => true,
    async setUp(problem) {
      runtime ??= await startRuntime()
      await runtime.deploy(loopOf(problem))
      gate = runtime.node('gate')
      gate.on('input', (msg, _send, done) => {
        arrived(msg as object)
        done()
      })
      next = { payload: readingsOf(problem) }
    },
    async lossAndGradients() {
      const seen: { loss?: number; gradient?: FlowGradient } = {}
      const unwatch = (runtime as Runtime).watch('bptt', ({ loss, gradient }) => {
        Object.assign(seen, { loss, gradient })
      })
      next = await stepped(next)
      unwatch()
      const { loss = Number.NaN, gradient } = seen
      return {
        loss,
        parameters: Object.fromEntries(
          Object.entries(gradient?.parameters ?? {}).map(([name, { data }]) => [
            name,
            new Float32Array(new Uint8Array(data).buffer),
          ]),
        ),
      }
    },
    async run(steps) {
      const before = performance.now()
      for (let count = 0; count < steps; count++) next = await stepped(next)
      return performance.now() - before
    },
    async tearDown() {
      await runtime?.deploy([])
    },
    close: () => runtime?.stop(),
  }
}
