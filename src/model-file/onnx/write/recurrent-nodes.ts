/** The layers of a cell as operators of ONNX: RNN, GRU or LSTM, and what brings the states of one to the next. */
import { type CellForm, directionsOf } from '../../../rnn-cell/form'
import { type Lane, lanesOf } from '../../../rnn-cell/lanes'
import { type Tensor, tensor } from '../../../tensor/tensor'
import { toTorchBiases } from '../../torch-biases'
import { activationsOf, onnxActivations, peepholeOrder, reorderedTensor, toOnnxOrder } from '../operators'
import type { Attributes, GraphBuilder } from './graph-builder'

/** Values by name: what the readout sees. */
interface Layers {
  /** h of the last layer at every step [time, batch, S] */
  readonly sequence: string
  /** its last ones [batch, S]: forward of the last step, reverse of the first */
  readonly lastHidden: string
}

/** @param input the name of what the first layer takes in */
export function addLayers(
  graph: GraphBuilder,
  form: CellForm,
  parameters: Readonly<Record<string, Tensor>>,
  input: string,
): Layers {
  const states = form.type === 'lstm' ? ['h', 'c'] : ['h']
  const { layers } = form
  const each = <T>(make: (layer: number) => T): T[] =>
    Array.from({ length: layers }, (_, index) => make(index + 1))
  const directions = directionsOf(form)
  if (layers > 1)
    for (const state of states) {
      const sizes = graph.integers(each(() => directions))
      graph.node(
        'Split',
        [`initial_${state}`, sizes],
        each((layer) => `layer${layer}_initial_${state}`),
        { axis: 0 },
      )
    }
  const ofLayer = (layer: number, part: string) => (layers > 1 ? `layer${layer}_${part}` : part)
  let sequence = input
  for (let layer = 1; layer <= layers; layer++) {
    const lanes = lanesOf(form).filter((lane) => lane.layer === layer)
    const [W, R, B, P] = weightsOf(graph, form, parameters, lanes, `layer${layer}`)
    const [h, c = ''] = states.map((state) => ofLayer(layer, `initial_${state}`))
    const ends = states.map((state) => ofLayer(layer, `last_${state}`))
    const inputs = [sequence, W, R, B, '', h, ...(form.type === 'lstm' ? [c] : []), ...(P ? [P] : [])]
    graph.node(form.type.toUpperCase(), inputs, [`layer${layer}_states`, ...ends], attributesOf(form))
    sequence = addSideBySide(graph, `layer${layer}_states`, `layer${layer}_sequence`, directions)
  }
  if (layers > 1)
    for (const state of states)
      graph.node(
        'Concat',
        each((layer) => `layer${layer}_last_${state}`),
        [`last_${state}`],
        { axis: 0 },
      )
  return { sequence, lastHidden: addLastHidden(graph, ofLayer(layers, 'last_h'), directions) }
}

/** [time, directions, batch, H] to [time, batch, S] */
function addSideBySide(graph: GraphBuilder, states: string, to: string, directions: number): string {
  if (directions === 1) return graph.node('Squeeze', [states, graph.integers([1])], [to])
  const turned = graph.node('Transpose', [states], [`${states}_by_sequence`], { perm: [0, 2, 1, 3] })
  return graph.node('Reshape', [turned, graph.integers([0, 0, -1])], [to])
}

/** [directions, batch, H] to [batch, S] */
function addLastHidden(graph: GraphBuilder, states: string, directions: number): string {
  if (directions === 1) return graph.node('Squeeze', [states, graph.integers([0])], ['last_states'])
  const turned = graph.node('Transpose', [states], ['last_states_by_sequence'], { perm: [1, 0, 2] })
  return graph.node('Reshape', [turned, graph.integers([0, -1])], ['last_states'])
}

/** W [directions, gH, D], R [directions, gH, H], B [directions, 2gH] and P [directions, 3H], by the names of constants. */
function weightsOf(
  graph: GraphBuilder,
  { type, peepholes }: CellForm,
  parameters: Readonly<Record<string, Tensor>>,
  lanes: readonly Lane[],
  prefix: string,
): string[] {
  const order = toOnnxOrder(type)
  const put = (name: string, of: (own: (parameter: string) => Tensor) => Tensor) =>
    graph.numbers(
      `${prefix}_${name}`,
      stacked(lanes.map(({ suffix }) => of((own) => parameters[own + suffix]))),
    )
  return [
    put('W', (own) => reorderedTensor(own('U'), order)),
    put('R', (own) => reorderedTensor(own('W'), order)),
    put('B', (own) => {
      const { bias_ih, bias_hh } = toTorchBiases(own('b'), own('bn'))
      const [Wb, Rb] = [reorderedTensor(bias_ih, order), reorderedTensor(bias_hh, order)]
      return { ...stacked([Wb, Rb]), shape: [2 * Wb.data.length] }
    }),
    ...(peepholes ? [put('P', (own) => reorderedTensor(own('p'), peepholeOrder))] : []),
  ]
}

/** Tensors of one shape under a new first axis. */
function stacked(parts: readonly Tensor[]): Tensor {
  const [{ shape, data }] = parts
  const all = tensor('float32', [parts.length, ...shape])
  for (const [index, part] of parts.entries()) all.data.set(part.data, index * data.length)
  return all
}

function attributesOf(form: CellForm): Attributes {
  const { type, clip, resetAfter, sizes } = form
  const directions = directionsOf(form)
  const activations = Array.from({ length: directions }, () =>
    activationsOf(form).map((name) => onnxActivations[name]),
  ).flat()
  const coefficients = activations.flatMap((activation) =>
    activation.coefficients ? [activation.coefficients] : [],
  )
  return {
    hidden_size: sizes.hiddenSize,
    direction: directions === 2 ? 'bidirectional' : 'forward',
    activations: activations.map(({ name }) => name),
    ...(coefficients.length > 0 && {
      activation_alpha: { floats: coefficients.map(([alpha]) => alpha) },
      activation_beta: { floats: coefficients.map(([, beta]) => beta) },
    }),
    ...(clip !== undefined && { clip: { float: clip } }),
    ...(type === 'gru' && { linear_before_reset: resetAfter ? 1 : 0 }),
  }
}
