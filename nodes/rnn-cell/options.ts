/** The dialog of rnn-cell as options of the library. */
import type { NodeDef } from 'node-red'
import {
  activationNames,
  type CellOptions,
  type CellSizes,
  cellTypes,
  ExpectedError,
  gateActivationNames,
  initializerNames,
  type LimitName,
  oneOf,
  readoutNames,
  wholeWithin,
} from '../../src'
import { numberField, type TypedField, wordField } from '../common/fields'
import type { BestConfig } from './best'

export interface RnnCellConfig extends NodeDef, BestConfig {
  cellType?: string
  activation?: string
  gateActivation?: string
  resetAfter?: boolean
  peepholes?: boolean
  clip?: string
  layers?: string
  bidirectional?: boolean
  decoder?: boolean
  readout?: string
  inputSize?: string
  hiddenSize?: string
  outputSize?: string
  initializer?: string
  gain?: string
  gainType?: string
  forgetBias?: string
  chrono?: string
  seed?: string
  precision?: string
  parameters?: string
  store?: string
}

const usualHiddenSize = 16

/** Only fields that the dialog shows for this cell are read: what a hidden one holds does not matter. */
function formOptions(config: RnnCellConfig) {
  const type = oneOf('cell', wordField(config.cellType, 'rnn'), cellTypes)
  const bidirectional = config.bidirectional ?? false
  return {
    type,
    activation: oneOf('activation', wordField(config.activation, 'tanh'), activationNames),
    ...(type !== 'rnn' && {
      gateActivation: oneOf(
        'gate activation',
        wordField(config.gateActivation, 'sigmoid'),
        gateActivationNames,
      ),
      chrono: numberField('chrono', config.chrono),
    }),
    ...(type === 'gru' && { resetAfter: config.resetAfter ?? true }),
    ...(type === 'lstm' && {
      peepholes: config.peepholes ?? false,
      forgetBias: numberField('forget bias', config.forgetBias),
    }),
    clip: numberField('clip', config.clip),
    layers: numberField('layers', config.layers),
    bidirectional,
    decoder: !bidirectional && (config.decoder ?? false),
    readout: oneOf('readout', wordField(config.readout, 'linear'), readoutNames),
  } satisfies Partial<CellOptions>
}

export function readCellOptions(config: RnnCellConfig) {
  const options = {
    ...formOptions(config),
    initializer: oneOf('initializer', wordField(config.initializer, 'uniform'), initializerNames),
    precision: oneOf('precision', wordField(config.precision, 'float32'), ['float32', 'float64']),
    seed: numberField('seed', config.seed),
    parameters: readTypedIn(config.parameters),
  }
  const sizes = definedOnly({
    inputSize: sizeField('input size', config.inputSize, 'maxFeatures'),
    hiddenSize: sizeField('hidden size', config.hiddenSize, 'maxHiddenSize'),
    ...(options.readout !== 'none' && {
      outputSize: sizeField('output size', config.outputSize, 'maxFeatures'),
    }),
  })
  const gain: TypedField = { name: 'gain', value: config.gain, type: config.gainType ?? 'num' }
  /** what the parameters are started from, as text: if it changes, kept ones are of another cell */
  const origin = JSON.stringify({ ...options, ...sizes, gain: [config.gain, config.gainType] })
  return { options, sizes, gain, origin }
}

function sizeField(name: string, value: unknown, limit: LimitName): number | undefined {
  const size = numberField(name, value)
  return size === undefined ? undefined : wholeWithin(name, size, 1, limit)
}

/**
 * All sizes, the hidden state's being usual if nothing is known.
 *
 * @throws ExpectedError saying how a size that is missing can be given
 */
export function requireSizes(
  { inputSize, hiddenSize, outputSize }: Partial<CellSizes>,
  readout: CellOptions['readout'],
): Omit<CellSizes, 'outputSize'> & { outputSize?: number } {
  if (inputSize === undefined)
    throw new ExpectedError('an input size, in the dialog or from a first sequence', 'none')
  const known = { inputSize, hiddenSize: hiddenSize ?? usualHiddenSize }
  if (readout === 'none') return known
  if (outputSize === undefined)
    throw new ExpectedError('an output size, in the dialog or from a first sequence with a target', 'none')
  return { ...known, outputSize }
}

function definedOnly<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
}

function readTypedIn(text: string | undefined): Record<string, unknown> | undefined {
  if (!text?.trim()) return undefined
  try {
    const parameters = JSON.parse(text)
    if (typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)) return parameters
  } catch (error) {
    throw new ExpectedError('parameters as JSON', (error as Error).message)
  }
  throw new ExpectedError('parameters as a JSON object by name (W, U, b, V, c)', text)
}
