/** A flow that trains by itself as soon as Node-RED starts, keeps everything in files, and prints how far it is. */
import { resolve } from 'node:path'
import { root } from '../../scripts/assets'

export const settingsWithFiles = resolve(root, 'test/support/settings-with-files.cjs')

const kept = { z: 'tab', store: 'file' }

/** @param steps batches to train on */
export const lastingFlow = (steps: number): object[] => [
  { id: 'tab', type: 'tab', label: 'lasts' },
  // what has no place on the canvas is a configuration for Node-RED
  ...nodes(steps).map((node) => ({ x: 0, y: 0, ...node })),
]

const nodes = (steps: number): object[] => [
  { id: 'start', type: 'inject', z: 'tab', props: [], once: true, onceDelay: '0.1', wires: [['source']] },
  {
    ...kept,
    id: 'source',
    type: 'sequence-source',
    task: 'adding',
    length: '10',
    batch: '8',
    epochSize: '1000',
    budget: String(steps),
    validationSplit: '0.2',
    wires: [['cell'], ['done']],
  },
  {
    ...kept,
    id: 'cell',
    type: 'rnn-cell',
    cellType: 'gru',
    hiddenSize: '8',
    precision: 'float32',
    keepBest: true,
    wires: [['unroll'], ['source', 'say'], ['print']],
  },
  { id: 'unroll', type: 'unroll', z: 'tab', topology: 'many-to-one', wires: [['bptt']] },
  { id: 'bptt', type: 'bptt-gradient', configVersion: 2, z: 'tab', wires: [['clip'], []] },
  { ...kept, id: 'clip', type: 'clip-gradient', rule: 'z-clip', wires: [['optimizer']] },
  {
    ...kept,
    id: 'optimizer',
    type: 'optimizer',
    rule: 'adam',
    schedule: 'reduce-on-plateau',
    wires: [['cell']],
  },
  {
    id: 'say',
    type: 'function',
    z: 'tab',
    func: 'node.log("at " + msg.sequence.step + " of " + msg.sequence.run)',
    wires: [],
  },
  {
    id: 'done',
    type: 'change',
    z: 'tab',
    rules: [
      { t: 'set', p: 'payload', pt: 'msg', to: '', tot: 'str' },
      { t: 'set', p: 'export', pt: 'msg', to: 'json', tot: 'str' },
    ],
    wires: [['cell']],
  },
  {
    id: 'print',
    type: 'function',
    z: 'tab',
    func: 'node.log("model " + msg.payload.replaceAll(/[^!-~]/g, ""))',
    wires: [],
  },
]

/** Steps that were taken so far, as printed. */
export const stepsIn = (output: string): number[] =>
  [...output.matchAll(/\] at (\d+) of /g)].map(([, step]) => Number(step))
