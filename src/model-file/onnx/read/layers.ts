/** The layers of a graph in the order in which they stand on each other. */
import type { NodeReader } from './node'
import { type Layer, readLayer } from './recurrent'
import { type Axis, type AxisSizes, directionAxis, hiddenAxis, type Signal, type Value } from './values'

export interface Layers {
  /** from the lowest up */
  readonly layers: readonly Layer[]
  /** what the first takes in; undefined without a layer */
  readonly input: Signal | undefined
  /** One more; returns its outputs Y, Y_h and Y_c. */
  add(node: NodeReader): Value[]
}

export function layersOfGraph(sizes: AxisSizes): Layers {
  const layers: Layer[] = []
  let input: Signal | undefined
  return {
    layers,
    get input() {
      return input
    },
    add(node) {
      const from = sequenceFor(node, layers.length, input?.axes)
      const layer = readLayer(node)
      input ??= from
      layers.push(layer)
      sizes.set(hiddenAxis, layer.hiddenSize)
      const [time, batch] = input.axes
      const states: Signal = {
        kind: 'signal',
        axes: [time, directionAxis, batch, hiddenAxis],
        layer: layers.length,
        featureAxis: input.featureAxis,
        isBidirectional: layer.directions === 2,
      }
      const last = { ...states, axes: [directionAxis, batch, hiddenAxis] }
      return [states, last, { ...last, isCellState: true }]
    },
  }
}

/** X of a node: all of the graph's input, or all states of the layer below, [time, batch, …]. */
function sequenceFor(node: NodeReader, below: number, lowest: readonly Axis[] | undefined): Signal {
  const [from] = node.inputs
  if (from?.kind !== 'signal' || from.readout || from.isCellState)
    return node.refuse('inputs, or the states of a layer', 'something else')
  if (from.layer !== below)
    return node.refuse('the states of the layer before it', 'others: a network that branches')
  const { axes, layer, featureAxis, isCut, half } = from
  const [time, batch, last, ...others] = axes
  const isWhole = others.length === 0 && !isCut && !half
  const inOrder = lowest === undefined || (time === lowest[0] && batch === lowest[1])
  const isFeatures = layer === 0 ? last === featureAxis : last !== undefined && last !== directionAxis
  if (isWhole && inOrder && isFeatures) return from
  return node.refuse('all of a sequence [time, batch, features]', `[${axes.join(', ')}]`)
}
