/** The dialog of rnn-cell: the fields of each cell, and the cell itself. */
import { type Check, checker, type Fits } from '../common/checker'
import { saved, shown } from '../common/fields'
import { beginDialog, keepUpToDate, offerStores, showRows, typedField } from '../common/open'
import { type Get, isAbove, isBlank, isFrom, isNumber, isWhole, jsonObject } from '../common/values'
import { wordsOf } from '../common/words'
import { conditions, largestSize, mostLayers, typeOf, usualHiddenSize } from './form'
import { showCell } from './show-cell'

const isSize = (value: unknown) => isWhole(value, 1, largestSize)
const isTyped = (get: Get) => (get('gainType') || 'num') === 'num'

/** W, or of an upper layer, reverse direction and decoder W2, Wr, Wd … */
const isParameterName = (name: string) => /^((W|U|b|bn|p)[2-8]?[rd]?|V|c)$/.test(name)
const areParameters = (value: unknown) => {
  const parameters = jsonObject(value)
  return parameters !== undefined && Object.keys(parameters).every(isParameterName)
}

const fits: Fits = {
  clip: (value) => isAbove(0, value),
  layers: (value) => isWhole(value, 1, mostLayers),
  inputSize: isSize,
  hiddenSize: isSize,
  outputSize: isSize,
  gain: (value, get) => !isTyped(get) || isNumber(value),
  forgetBias: (value) => isNumber(value),
  chrono: (value) => isFrom(2, value),
  seed: (value) => isWhole(value),
  parameters: (value) => isBlank(value) || areParameters(value),
  patience: (value) => isWhole(value, 1),
  minDelta: (value) => isFrom(0, value),
}

const checkField = checker('rnn-cell', fits, conditions)

export const check: Check = (node, field, value) => {
  const found = checkField(node, field, value)
  if (found !== true || field !== 'chrono' || isBlank(value)) return found
  const get = shown(node)
  const hasBoth = conditions.chrono(get) && conditions.forgetBias(get) && !isBlank(get('forgetBias'))
  return !hasBoth || wordsOf('rnn-cell')('error.chronoOrForgetBias')
}

/** The type with layers and hidden size; typed-in parameters bring their own. */
export function label(node: EditorNode): string {
  const get = saved(node)
  if (!isBlank(get('parameters'))) return typeOf(get)
  const layers = Number(get('layers')) > 1 ? `${get('layers')}×` : ''
  return `${typeOf(get)} ${layers}${isBlank(get('hiddenSize')) ? usualHiddenSize : get('hiddenSize')}`
}

export function open(node: EditorNode): void {
  const get = beginDialog(node)
  typedField('gain', ['num', 'flow', 'global', 'env'])
  offerStores(node)
  keepUpToDate(() => {
    showRows(get, conditions)
    showCell(get)
  })
}
