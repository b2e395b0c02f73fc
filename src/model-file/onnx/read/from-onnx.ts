/** A cell's form, parameters and scale from an ONNX model: our own, or one that another program exported. */
import { ExpectedError } from '../../../expected'
import type { CellForm } from '../../../rnn-cell/form'
import { lanesOf } from '../../../rnn-cell/lanes'
import { type CellOptions, readForm } from '../../../rnn-cell/options'
import { type Tensor, tensor } from '../../../tensor/tensor'
import { isOurs, type Metadata, metadataOf, scaleOf } from '../../metadata'
import type { Model } from '../../model'
import { type ModelScale, readScale, type Scale, type ScaleSizes } from '../../scale'
import { short } from '../../short'
import { decodeModel } from '../codec'
import type { Message } from '../messages'
import { type NetworkOfGraph, readGraph } from './graph'
import type { Layer } from './recurrent'

/** Before it the recurrent operators were others. */
const firstOpset = 7

/** @throws ExpectedError if it is no ONNX file, or its graph is not plainly one cell */
export function fromOnnx(file: Buffer): Model {
  const model = decodeModel(file)
  if (!model.graph) throw new ExpectedError('an ONNX file with a graph', 'one without')
  const network = readGraph(model.graph, opsetOf(model))
  const told = formOf(network)
  const metadata = metadataIn(model)
  const form = isOurs(metadata) ? agreed(told, metadata) : told
  const isWide = network.layers.some((layer) => layer.isWide) || network.readout?.V?.dtype === 'float64'
  return {
    form,
    precision: isWide ? 'float64' : 'float32',
    parameters: parametersOf(form, network),
    scale: agreedScale(scaleInside(network, form.sizes), scaleOf(metadata, form.sizes)),
  }
}

function opsetOf({ opsetImport }: Message<'ModelProto'>): number {
  const versions = opsetImport.filter(({ domain }) => domain === '' || domain === 'ai.onnx')
  const version = Number(versions[0]?.version ?? 0)
  if (versions.length === 1 && version >= firstOpset) return version
  throw new ExpectedError(
    `an ONNX file that imports operators of one version from ${firstOpset}`,
    versions.length === 1 ? `${version}` : `${versions.length} versions`,
  )
}

function metadataIn({ metadataProps }: Message<'ModelProto'>): Metadata {
  const entries = metadataProps.map(({ key, value }): [string, string] => [key, value])
  const metadata = Object.fromEntries(entries)
  if (Object.keys(metadata).length === entries.length) return metadata
  throw new ExpectedError('each property of the metadata once', 'one of them twice')
}

function formOf({ layers, readout }: NetworkOfGraph): CellForm {
  const [first, ...others] = layers
  const seen = (layer: Layer) =>
    JSON.stringify([
      layer.type,
      layer.directions,
      layer.hiddenSize,
      layer.activations,
      layer.clip,
      layer.resetAfter,
      layer.peepholes,
    ])
  const { type, directions, hiddenSize, activations, clip, resetAfter, peepholes } = first
  const states = directions * hiddenSize
  for (const layer of others) {
    if (seen(layer) !== seen(first)) throw new ExpectedError('layers of one kind and size', 'others')
    if (layer.inputSize !== states)
      throw new ExpectedError(`layers that take in ${states} states`, `one that takes in ${layer.inputSize}`)
  }
  const options = {
    type,
    activation: activations[activations.length - 1],
    ...(type !== 'rnn' && { gateActivation: activations[0] }),
    ...(type === 'gru' && { resetAfter }),
    ...(type === 'lstm' && { peepholes }),
    clip,
    layers: layers.length,
    bidirectional: directions === 2,
    inputSize: first.inputSize,
    hiddenSize,
    readout: readout?.V ? (readout.activation ?? 'linear') : 'none',
    ...(readout?.V && { outputSize: readout.V.shape[0] }),
  }
  return readForm(options as CellOptions)
}

function parametersOf(form: CellForm, { layers, readout }: NetworkOfGraph): Record<string, Tensor> {
  const parameters: Record<string, Tensor> = {}
  for (const { layer, reverse, suffix } of lanesOf(form))
    for (const [name, parameter] of Object.entries(layers[layer - 1].parameters[reverse ? 1 : 0]))
      parameters[name + suffix] = parameter
  if (!readout?.V) return parameters
  const { V, c = tensor(V.dtype, [V.shape[0]]) } = readout
  return { ...parameters, V, c }
}

/** The form that the graph has, with a clip of all digits. */
function agreed(told: CellForm, metadata: Metadata): CellForm {
  const clip = Number(metadata.clip)
  const isClip = told.clip !== undefined && Math.fround(clip) === Math.fround(told.clip)
  const form = isClip ? { ...told, clip } : told
  for (const [name, value] of Object.entries(metadataOf(form, undefined)))
    if (metadata[name] !== undefined && metadata[name] !== value)
      throw new ExpectedError(`a graph of ${name} ${short(metadata[name])}, as the metadata say`, value)
  return form
}

/** That of nodes in the graph. */
function scaleInside({ input, readout }: NetworkOfGraph, sizes: ScaleSizes): Scale | undefined {
  const { mean, std } = input
  const { mean: targetMean, std: targetStd } = readout ?? {}
  const linear = (means: Tensor | undefined, stds: Tensor | undefined, size: number) => ({
    mean: spread(means, size, 0),
    std: spread(stds, size, 1),
  })
  if (!mean && !std && !targetMean && !targetStd) return undefined
  const scale = {
    input: linear(mean, std, sizes.inputSize),
    ...((targetMean || targetStd) && { target: linear(targetMean, targetStd, sizes.outputSize) }),
  }
  return readScale(scale, sizes)
}

/** One number for all, if the graph has only one. */
function spread(numbers: Tensor | undefined, size: number, usual: number): number[] {
  const data = numbers ? [...numbers.data] : [usual]
  return data.length === 1 ? new Array(size).fill(data[0]) : data
}

/** The metadata's, which have all digits; a graph that scales itself has to say the same, in float32. */
function agreedScale(inside: Scale | undefined, said: ModelScale): ModelScale {
  if (!inside || said === undefined) return inside ?? said
  const rounded = ({ input, target }: Scale) =>
    JSON.stringify(
      [input, target].map((part) => part && [part.mean.map(Math.fround), part.std.map(Math.fround)]),
    )
  if (said && rounded(said) === rounded(inside)) return said
  throw new ExpectedError('the scale in the graph that the metadata say', 'another')
}
