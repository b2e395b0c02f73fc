/** A cell's form and parameters from tensors under PyTorch's names: our own files, and those that PyTorch made. */
import { ExpectedError } from '../expected'
import type { CellForm } from '../rnn-cell/form'
import { kindOf } from '../rnn-cell/kinds'
import { type Lane, parameterShapes } from '../rnn-cell/lanes'
import { sameShape, showShape, type Tensor, tensor } from '../tensor/tensor'
import { isOurs, scaleOf } from './metadata'
import type { Model, ModelForm } from './model'
import type { SafetensorsFile } from './safetensors'
import { short } from './short'
import { fromTorchBiases } from './torch-biases'
import { formOfTensors } from './torch-form'
import { type LaneTensor, laneName, prefixedLanes } from './torch-names'
import { type TorchParts, torchParts } from './torch-parts'

/** @throws ExpectedError naming the tensor that is missing, has another shape, or does not belong to the cell */
export function fromTorch({ tensors, metadata }: SafetensorsFile): Model {
  const parts = torchParts(tensors)
  refuseProjection(parts)
  const form = formOfTensors(tensors, parts, metadata)
  const left = new Map(tensors)
  const take = (name: string, shape: readonly number[]): Tensor | undefined => {
    const taken = left.get(name)
    if (taken && !sameShape(taken.shape, shape))
      throw new ExpectedError(`${short(name)} of shape ${showShape(shape)}`, showShape(taken.shape))
    left.delete(name)
    return taken
  }
  const parameters = { ...laneParameters(form, parts, take), ...readoutParameters(form, parts, take) }
  for (const name of left.keys()) throw new ExpectedError(`only tensors of ${summary(form)}`, short(name))
  const wide = [...tensors.values()].some(({ dtype }) => dtype === 'float64')
  return {
    form: isOurs(metadata) ? form : withoutGuesses(form),
    precision: wide ? 'float64' : 'float32',
    parameters,
    scale: scaleOf(metadata, form.sizes),
  }
}

type Take = (name: string, shape: readonly number[]) => Tensor | undefined

function laneParameters(form: CellForm, parts: TorchParts, take: Take): Record<string, Tensor> {
  const parameters: Record<string, Tensor> = {}
  const prefixes = { recurrent: parts.recurrent.prefix, decoder: parts.decoder?.prefix ?? '' }
  for (const { prefix, lane } of prefixedLanes(form, prefixes))
    for (const [name, parameter] of Object.entries(laneOf(form, lane, prefix, take)))
      parameters[name + lane.suffix] = parameter
  return parameters
}

function laneOf(form: CellForm, lane: Lane, prefix: string, take: Take): Record<string, Tensor> {
  const shapes = kindOf(form).shapes(form, lane.inputSize)
  const optional = (name: LaneTensor, shape: readonly number[]) => take(prefix + laneName(name, lane), shape)
  const needed = (name: LaneTensor, shape: readonly number[]) => {
    const taken = optional(name, shape)
    if (taken) return taken
    throw new ExpectedError(`${short(prefix + laneName(name, lane))} of shape ${showShape(shape)}`, 'none')
  }
  const W = needed('weight_hh', shapes.W)
  const U = needed('weight_ih', shapes.U)
  const bias = (name: LaneTensor) => optional(name, shapes.b) ?? tensor(W.dtype, shapes.b)
  const biases = { bias_ih: bias('bias_ih'), bias_hh: bias('bias_hh') }
  const { b, bn } = fromTorchBiases(biases, shapes.bn !== undefined)
  return { W, U, b, ...(bn && { bn }), ...(shapes.p && { p: needed('peephole', shapes.p) }) }
}

function readoutParameters(form: CellForm, { readout }: TorchParts, take: Take): Record<string, Tensor> {
  const shapes = parameterShapes(form)
  const V = readout && take(readout.weight, shapes.V)
  const c = readout && take(readout.bias, shapes.c)
  return V && c ? { V, c } : {}
}

function refuseProjection({ recurrent, decoder }: TorchParts): void {
  const names = [...recurrent.names, ...(decoder?.names ?? [])]
  const projection = names.find(({ tensor: name }) => name === 'weight_hr')
  if (projection) throw new ExpectedError('an LSTM without projections (proj_size)', short(projection.name))
}

/** PyTorch's nn.RNN may have tanh or relu, and what comes after an nn.Linear is not in a file. */
function withoutGuesses({ activation, readout, ...form }: CellForm): ModelForm {
  return {
    ...form,
    ...(form.type !== 'rnn' && { activation }),
    ...(readout === 'none' && { readout }),
  }
}

const summary = ({ type, layers, bidirectional, decoder }: CellForm): string =>
  `a cell of type ${type} with ${layers} ${layers === 1 ? 'layer' : 'layers'}, ${
    bidirectional ? 'both directions' : 'one direction'
  } and ${decoder ? 'a' : 'no'} decoder`
