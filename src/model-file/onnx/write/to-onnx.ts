/**
 * A cell as an ONNX model: one operator a layer, then the readout. The graph takes in
 *
 *     input [time, batch, D]      initial_h [K, batch, H]      of an LSTM initial_c [K, batch, H]
 *
 * K being layers × directions in PyTorch's order (zeros to begin with), and gives
 *
 *     output [time, batch, O]     the readout at every step, what many-to-many answers
 *     last_output [batch, O]      the readout of the last states, what many-to-one answers
 *     last_h, last_c              to go on from
 *
 * with any number of steps and of sequences. All numbers are float32: ONNX Runtime 1.30 has these operators in no other
 * precision, though ONNX would allow for double.
 */
import { ExpectedError } from '../../../expected'
import type { Cell } from '../../../rnn-cell/cell'
import { directionsOf } from '../../../rnn-cell/form'
import { allFinite, asDtype, type Tensor } from '../../../tensor/tensor'
import { metadataOf } from '../../metadata'
import type { ModelScale } from '../../scale'
import { encodeModel } from '../codec'
import { type Draft, dataTypes } from '../messages'
import { type GraphBuilder, graphBuilder } from './graph-builder'
import { addReadout } from './readout-nodes'
import { addLayers } from './recurrent-nodes'
import { scaleInput } from './scale-nodes'

/** The first with all that is used here, and the IR of its time: what any runtime since 2021 reads. */
const opset = 14
const irVersion = 7

const mostBytes = 2 ** 31 - 1

const producer = '@unrolled/node-red-rnn'

export interface OnnxOptions {
  readonly scale?: ModelScale
  /** the graph takes in and gives numbers in the units of the data */
  readonly scaleInside?: boolean
}

/**
 * @throws ExpectedError for a cell with a decoder of its own, which is no graph without a loop; for a number beyond
 *   float32; or if there is no scale to put inside
 */
export function toOnnx(cell: Cell, { scale, scaleInside = false }: OnnxOptions): Buffer {
  const { parameters, precision: _, ...form } = cell
  if (form.decoder)
    throw new ExpectedError(
      'a cell without a decoder of its own for ONNX (use safetensors or json)',
      'one with',
    )
  if (scaleInside && !scale)
    throw new ExpectedError('a scale to put inside the graph', 'a cell whose data were not scaled')
  const inside = scaleInside ? (scale ?? undefined) : undefined
  const graph = graphBuilder()
  const narrow = withinFloat32(parameters)
  const input = inside ? scaleInput(graph, 'input', inside.input) : 'input'
  const { sequence, lastHidden } = addLayers(graph, form, narrow, input)
  const readout = addReadout(graph, form, narrow, inside?.target)
  readout(sequence, 'output')
  readout(lastHidden, 'last_output')
  return encodeModel({
    irVersion: BigInt(irVersion),
    producerName: producer,
    docString: 'input [time, batch, features]; begin with states of zeros',
    opsetImport: [{ domain: '', version: BigInt(opset) }],
    metadataProps: Object.entries(metadataOf(form, scale)).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'rnn_cell',
      node: graph.nodes,
      initializer: checkedSize(graph),
      ...ends(cell, inside !== undefined),
    },
  })
}

/** Inputs and outputs of the graph. */
function ends(
  { type, sizes, ...form }: Cell,
  inUnits: boolean,
): Pick<Draft<'GraphProto'>, 'input' | 'output'> {
  const { inputSize, hiddenSize, outputSize } = sizes
  const units = inUnits ? 'in the units of the data' : 'as the network takes and gives them'
  const states = [form.layers * directionsOf(form), 'batch', hiddenSize]
  const ofStates = (prefix: string) =>
    (type === 'lstm' ? ['h', 'c'] : ['h']).map((state) =>
      valueInfo(`${prefix}_${state}`, states, 'layer by layer, forward before reverse'),
    )
  return {
    input: [valueInfo('input', ['time', 'batch', inputSize], `numbers ${units}`), ...ofStates('initial')],
    output: [
      valueInfo('output', ['time', 'batch', outputSize], `the readout at every step, numbers ${units}`),
      valueInfo('last_output', ['batch', outputSize], `the readout of the last states, numbers ${units}`),
      ...ofStates('last'),
    ],
  }
}

const valueInfo = (
  name: string,
  shape: readonly (string | number)[],
  docString: string,
): Draft<'ValueInfoProto'> => ({
  name,
  docString,
  type: {
    tensorType: {
      elemType: dataTypes.FLOAT,
      shape: {
        dim: shape.map((size) =>
          typeof size === 'string' ? { dimParam: size } : { dimValue: BigInt(size) },
        ),
      },
    },
  },
})

function withinFloat32(parameters: Cell['parameters']): Record<string, Tensor> {
  const narrow: Record<string, Tensor> = {}
  for (const [name, parameter] of Object.entries(parameters)) {
    narrow[name] = asDtype(parameter, 'float32')
    if (!allFinite(narrow[name].data))
      throw new ExpectedError(
        `numbers within float32 in ${name}, which is what ONNX Runtime computes in`,
        'larger ones',
      )
  }
  return narrow
}

/** Protobuf counts the bytes of a message in 31 bits. */
function checkedSize({ initializers }: GraphBuilder): GraphBuilder['initializers'] {
  const bytes = initializers.reduce((sum, { rawData }) => sum + (rawData?.length ?? 0), 0)
  if (bytes < mostBytes) return initializers
  throw new ExpectedError('a cell of less than 2 GB for ONNX', `${bytes} bytes`)
}
