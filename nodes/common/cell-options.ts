/** The dialog of rnn-cell as options of the library. */
import type { NodeDef } from 'node-red'
import { activationNames, type CellSizes, ExpectedError, initializerNames, numberIn, oneOf } from '../../src'
import { numberField, type TypedField, wordField } from './fields'

export interface RnnCellConfig extends NodeDef {
  activation?: string
  inputSize?: string
  hiddenSize?: string
  outputSize?: string
  initializer?: string
  gain?: string
  gainType?: string
  seed?: string
  precision?: string
  parameters?: string
  store?: string
}

const usualHiddenSize = 16

export function readCellOptions(config: RnnCellConfig) {
  const options = {
    activation: oneOf('activation', wordField(config.activation, 'tanh'), activationNames),
    initializer: oneOf('initializer', wordField(config.initializer, 'uniform'), initializerNames),
    precision: oneOf('precision', wordField(config.precision, 'float32'), ['float32', 'float64']),
    seed: numberField('seed', config.seed),
    parameters: readTypedIn(config.parameters),
  }
  const sizes = definedOnly({
    inputSize: sizeField('input size', config.inputSize),
    hiddenSize: sizeField('hidden size', config.hiddenSize),
    outputSize: sizeField('output size', config.outputSize),
  })
  const gain: TypedField = { name: 'gain', value: config.gain, type: config.gainType ?? 'num' }
  /** what the parameters are started from, as text: if it changes, kept ones are of another cell */
  const origin = JSON.stringify({ ...options, ...sizes, gain: [config.gain, config.gainType] })
  return { options, sizes, gain, origin }
}

function sizeField(name: string, value: unknown): number | undefined {
  const size = numberField(name, value)
  return size === undefined ? undefined : numberIn(name, size, { min: 1, max: 65536, integer: true })
}

/** @throws ExpectedError saying how a size that is missing can be given */
export function requireSizes({ inputSize, hiddenSize, outputSize }: Partial<CellSizes>): CellSizes {
  if (inputSize === undefined)
    throw new ExpectedError('an input size, in the dialog or from a first sequence', 'none')
  if (outputSize === undefined)
    throw new ExpectedError('an output size, in the dialog or from a first sequence with a target', 'none')
  return { inputSize, hiddenSize: hiddenSize ?? usualHiddenSize, outputSize }
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
