/** A sequence-source that takes readings as they come, and flows around it. */
import { type FlowNode, loop, sink } from './flow'

/** Predictions and batches arrive at `out`. */
export const streamOnly = (config: object = {}): FlowNode[] => [
  {
    id: 'source',
    type: 'sequence-source',
    task: 'stream',
    streamScaling: 'none',
    length: '2',
    batch: '2',
    rate: '1000',
    ...config,
    wires: [['out'], ['done']],
  },
  sink('out'),
  sink('done'),
]

/** The loop of the README; predictions of unroll and its alerts arrive at `predictions` and `alerted`. */
export const streamLoop = (
  settings: Parameters<typeof loop>[0] = {},
  cell: object = { cellType: 'gru', hiddenSize: '8' },
): FlowNode[] => [
  ...loop({
    ...settings,
    source: { task: 'stream', length: '4', batch: '4', rate: '1000', ...settings.source },
    cell: { ...cell, ...settings.cell },
    unroll: { state: 'topic', wires: [['bptt', 'predictions'], ['alerted']], ...settings.unroll },
  }),
  sink('alerted'),
]

export const reading = (payload: unknown, topic?: string, more: object = {}) => ({
  payload,
  ...(topic !== undefined && { topic }),
  ...more,
})
