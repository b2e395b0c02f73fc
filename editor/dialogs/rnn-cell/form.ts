/** The cell that the dialog describes, and the fields that not every cell has. */
import { usualLimits } from '../../../src/limits'
import type { ActivationName, GateActivationName } from '../../../src/rnn-cell/activation'
import type { CellForm, CellType, ReadoutName } from '../../../src/rnn-cell/form'
import { sizesOfShapes } from '../../../src/rnn-cell/sizes'
import { nestedShape } from '../../../src/tensor/nested'
import { type Conditions, type Get, isBlank, isWhole, jsonObject } from '../common/values'

/** of the hidden state, and of inputs and outputs */
export const largestSize = usualLimits.maxHiddenSize
export const mostLayers = usualLimits.maxLayers
export const usualHiddenSize = 16

export const typeOf = (get: Get): CellType => (get('cellType') || 'rnn') as CellType
const isType =
  (...types: CellType[]) =>
  (get: Get) =>
    types.includes(typeOf(get))

export const conditions = {
  outputSize: (get) => get('readout') !== 'none',
  decoder: (get) => !get('bidirectional'),
  gateActivation: isType('gru', 'lstm'),
  resetAfter: isType('gru'),
  peepholes: isType('lstm'),
  forgetBias: isType('lstm'),
  chrono: isType('gru', 'lstm'),
  patience: (get) => Boolean(get('keepBest')),
  minDelta: (get) => Boolean(get('keepBest')),
} satisfies Conditions

const has = (get: Get, field: keyof typeof conditions, usual = false): boolean =>
  conditions[field](get) && Boolean(get(field) ?? usual)

const whole = (value: unknown, most: number, usual = Number.NaN): number => {
  if (isBlank(value)) return usual
  return isWhole(value, 1, most) ? Number(value) : Number.NaN
}

/** A size that is blank or wrong is NaN; typed-in parameters bring theirs with them. */
function sizesOf(get: Get): CellForm['sizes'] {
  const typed = Object.entries(jsonObject(get('parameters')) ?? {})
  const brought = sizesOfShapes(
    Object.fromEntries(typed.map(([name, nested]) => [name, nestedShape(nested)])),
    { type: typeOf(get), bidirectional: Boolean(get('bidirectional')) },
  )
  const hiddenSize = brought.hiddenSize ?? whole(get('hiddenSize'), largestSize, usualHiddenSize)
  const readable = hiddenSize * (get('bidirectional') ? 2 : 1)
  return {
    inputSize: brought.inputSize ?? whole(get('inputSize'), largestSize),
    hiddenSize,
    outputSize: conditions.outputSize(get)
      ? (brought.outputSize ?? whole(get('outputSize'), largestSize))
      : readable,
  }
}

/** The form of the cell; undefined if the number of layers is none. */
export function formOf(get: Get): CellForm | undefined {
  const layers = whole(get('layers'), mostLayers, 1)
  if (Number.isNaN(layers)) return undefined
  return {
    type: typeOf(get),
    activation: (get('activation') || 'tanh') as ActivationName,
    gateActivation: (get('gateActivation') || 'sigmoid') as GateActivationName,
    resetAfter: has(get, 'resetAfter', true),
    peepholes: has(get, 'peepholes'),
    layers,
    bidirectional: Boolean(get('bidirectional')),
    decoder: has(get, 'decoder'),
    readout: (get('readout') || 'linear') as ReadoutName,
    sizes: sizesOf(get),
  }
}
