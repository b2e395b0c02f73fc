/** The dialog of bptt-gradient: fields of the loss, of the sum, and of each signal of the alarm. */
import { checker, type Fits } from './common/checker'
import { inputOf } from './common/fields'
import { beginDialog, keepUpToDate, showRows } from './common/open'
import { type Conditions, type Get, isAbove, isFrom, isNumber, isShare, isWhole } from './common/values'

const isCount = (value: unknown) => isWhole(value, 1)
const areFrom0 = (value: unknown) =>
  String(value ?? '')
    .split(',')
    .every((entry) => isFrom(0, entry))

const fits: Fits = {
  delta: (value) => isAbove(0, value),
  classWeights: areFrom0,
  ignoreIndex: (value) => isWhole(value),
  positiveWeights: areFrom0,
  creditCap: isCount,
  k1: isCount,
  k2: (value, get) => isWhole(value, Number(get('k1')) || 1),
  regularizerCoefficient: (value) => isFrom(0, value),
  normThreshold: (value) => isAbove(0, value),
  spikeThreshold: (value) => isAbove(0, value),
  spikeWarmup: isCount,
  spikeFactor: isShare,
  growthThreshold: (value) => isAbove(1, value),
  vanishingThreshold: isShare,
  slopeGrowthThreshold: (value) => isAbove(1, value),
  slopeVanishingThreshold: isShare,
  ratioThreshold: isShare,
  leaveBelow: (value) => isNumber(value, (number) => number > 0 && number <= 1),
  leaveAfter: isCount,
}

const isLoss = (name: string) => (get: Get) => get('loss') === name
const isOn = (field: string) => (get: Get) => Boolean(get(field) ?? true)

const rows: Conditions = {
  delta: isLoss('huber'),
  classWeights: isLoss('cross-entropy'),
  ignoreIndex: isLoss('cross-entropy'),
  positiveWeights: isLoss('binary-cross-entropy'),
  creditCap: (get) => Boolean(get('credit')),
  regularizerForm: (get) => Number(get('regularizerCoefficient')) > 0,
  spikeWarmup: isOn('watchSpike'),
  spikeFactor: isOn('watchSpike'),
  slopeVanishingThreshold: isOn('watchSlope'),
}

/** Thresholds in the row of the switch that they go with. */
const beside: Conditions = {
  normThreshold: isOn('watchNorm'),
  spikeThreshold: isOn('watchSpike'),
  growthThreshold: isOn('watchGrowth'),
  vanishingThreshold: isOn('watchVanishing'),
  slopeGrowthThreshold: isOn('watchSlope'),
  ratioThreshold: isOn('watchRatio'),
}

export const check = checker('bptt-gradient', fits, { ...rows, ...beside })

export function open(node: EditorNode): void {
  const get = beginDialog(node)
  keepUpToDate(() => {
    showRows(get, rows)
    for (const [field, applies] of Object.entries(beside)) {
      const input = inputOf(field)
      if (input) input.hidden = !applies(get)
    }
  })
}
