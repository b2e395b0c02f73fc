/** The options of a cell, read and checked in one place. */
import { describe, ExpectedError, numberIn, oneOf } from '../expected'
import { checkSize, wholeWithin } from '../limits'
import { type Dtype, sizeOf } from '../tensor/tensor'
import {
  type ActivationName,
  activationNames,
  type GateActivationName,
  gateActivationNames,
} from './activation'
import { type CellForm, type CellType, cellTypes, type ReadoutName, readableSize, readoutNames } from './form'
import { type InitializerName, initializerNames, type Start } from './initializer/initializer'
import { parameterShapes } from './lanes'

export interface CellOptions {
  /** default rnn */
  type?: CellType
  /** D */
  inputSize: number
  /** H */
  hiddenSize: number
  /** O; with readout none it is what the hidden state has and may be left out */
  outputSize?: number
  /** φ; default tanh */
  activation?: ActivationName
  /** gru, lstm: default sigmoid */
  gateActivation?: GateActivationName
  /** gru: default true, as PyTorch and Keras; false as ONNX's default */
  resetAfter?: boolean
  /** lstm: default false */
  peepholes?: boolean
  /** limits what goes into the activations to ±clip, as ONNX; default none */
  clip?: number
  /** stacked layers, 1 to 8 as limits usually are; default 1 */
  layers?: number
  /** default false */
  bidirectional?: boolean
  /** for the topology encoder-decoder: weights of its own for the decoder; default false */
  decoder?: boolean
  /** default linear */
  readout?: ReadoutName
  /** how parameters start; default uniform, PyTorch's ±1/√H */
  initializer?: InitializerName
  /** factor on the recurrent matrices W; default 1 */
  gain?: number
  /** lstm: what the bias of the forget gate starts at (Jozefowicz et al. 2015 recommend 1); default as the others */
  forgetBias?: number
  /** gru, lstm: the longest span to remember, in steps; the biases start so that spans up to it are kept (Tallec &
   *  Ollivier 2018); default none */
  chrono?: number
  /** default 1 */
  seed?: number
  /** default float32 */
  precision?: Dtype
  /** parameters to start from instead, any of those the cell has: tensors or nested arrays by name */
  parameters?: Readonly<Record<string, unknown>>
}

/** @throws ExpectedError for an option out of its range, or a cell of more parameters than there may be */
export function readForm(options: CellOptions): CellForm {
  const type = oneOf('type', options.type ?? 'rnn', cellTypes)
  const only = (name: keyof CellOptions, types: readonly CellType[], usual: unknown) => {
    if (!types.includes(type) && options[name] !== undefined && options[name] !== usual)
      throw new ExpectedError(`${name} for the type ${types.join(' or ')} only`, `it for ${type}`)
  }
  only('gateActivation', ['gru', 'lstm'], 'sigmoid')
  only('resetAfter', ['gru'], true)
  only('peepholes', ['lstm'], false)
  const form = {
    type,
    activation: oneOf('activation', options.activation ?? 'tanh', activationNames),
    gateActivation: oneOf('gateActivation', options.gateActivation ?? 'sigmoid', gateActivationNames),
    resetAfter: flag('resetAfter', options.resetAfter ?? true),
    peepholes: flag('peepholes', options.peepholes ?? false),
    ...(options.clip !== undefined && { clip: numberIn('clip', options.clip, { min: 0, above: true }) }),
    layers: wholeWithin('layers', options.layers ?? 1, 1, 'maxLayers'),
    bidirectional: flag('bidirectional', options.bidirectional ?? false),
    decoder: flag('decoder', options.decoder ?? false),
    readout: oneOf('readout', options.readout ?? 'linear', readoutNames),
  }
  if (form.decoder && form.bidirectional)
    throw new ExpectedError('a cell of one direction for a decoder', 'bidirectional')
  const whole = { ...form, sizes: readSizes(options, form) }
  const count = Object.values(parameterShapes(whole)).reduce((sum, shape) => sum + sizeOf(shape), 0)
  checkSize('maxElements', count, 'parameters of a cell')
  return whole
}

function readSizes(
  options: CellOptions,
  { readout, bidirectional }: Pick<CellForm, 'readout' | 'bidirectional'>,
): CellForm['sizes'] {
  const inputSize = wholeWithin('inputSize', options.inputSize, 1, 'maxFeatures')
  const hiddenSize = wholeWithin('hiddenSize', options.hiddenSize, 1, 'maxHiddenSize')
  if (readout !== 'none') {
    const outputSize = wholeWithin('outputSize', options.outputSize, 1, 'maxFeatures')
    return { inputSize, hiddenSize, outputSize }
  }
  const outputSize = readableSize({ bidirectional, sizes: { inputSize, hiddenSize, outputSize: 0 } })
  if (options.outputSize !== undefined && options.outputSize !== outputSize)
    throw new ExpectedError(
      `outputSize ${outputSize}, since readout none gives the hidden state`,
      describe(options.outputSize),
    )
  return { inputSize, hiddenSize, outputSize }
}

export function readStart(options: CellOptions, { type }: CellForm): Start {
  const { forgetBias, chrono } = options
  if (forgetBias !== undefined && type !== 'lstm')
    throw new ExpectedError('forgetBias for the type lstm only', `it for ${type}`)
  if (chrono !== undefined && type === 'rnn')
    throw new ExpectedError('chrono for the type gru or lstm only', 'it for rnn')
  if (chrono !== undefined && forgetBias !== undefined)
    throw new ExpectedError('forgetBias or chrono, which both set the bias of the forget gate', 'both')
  return {
    initializer: oneOf('initializer', options.initializer ?? 'uniform', initializerNames),
    gain: numberIn('gain', options.gain ?? 1),
    ...(forgetBias !== undefined && { forgetBias: numberIn('forgetBias', forgetBias) }),
    ...(chrono !== undefined && { chrono: numberIn('chrono', chrono, { min: 2 }) }),
  }
}

export const readPrecision = ({ precision }: CellOptions): Dtype =>
  oneOf('precision', precision ?? 'float32', ['float32', 'float64'])

function flag(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw new ExpectedError(`${name} to be true or false`, describe(value))
}
