/** Operators that move what runs through the network about: what they make of its axes. */
import { entriesOf, type NodeReader, numbersOf, placeOf, type ValueOperator } from './node'
import { isStackable, stackOf } from './stack'
import {
  type Axis,
  directionAxis,
  directionsOf,
  hiddenAxis,
  type Signal,
  signalOf,
  sizeOfAxis,
  statesAxis,
  type Value,
} from './values'

const Gather: ValueOperator = (node) => {
  const signal = signalOf(node)
  const { entries, isScalar } = entriesOf(node, 1)
  const [index] = entries
  if (entries.length !== 1 || typeof index !== 'number') return node.refuse('one constant index', 'others')
  const place = placeOf(node, node.integer('axis', 0), signal.axes.length)
  const axes = isScalar ? signal.axes.toSpliced(place, 1) : signal.axes
  if (signal.axes[place] === directionAxis) return halfOf(node, { ...signal, axes }, index)
  checkCut(node, signal, signal.axes[place])
  return { ...signal, axes, isCut: true }
}

/** One direction of two, or the only one, whose axis may stay. */
function halfOf(node: NodeReader, signal: Signal, index: number): Value {
  const directions = directionsOf(signal)
  const half = directions.at(index)
  const staysTwo = directions.length === 2 && signal.axes.includes(directionAxis)
  if (half === undefined || staysTwo) return node.refuse('one direction', 'another part of them')
  return { ...signal, ...(directions.length === 2 && { half }) }
}

/** Of time and batch a part may be taken; of an input anything, since it may be states to begin with. */
function checkCut(node: NodeReader, { layer }: Signal, axis: Axis): void {
  const isOfStates = axis === hiddenAxis || axis === statesAxis || axis === directionAxis
  if (layer > 0 && isOfStates) node.refuse('all numbers of a state', 'some')
}

const Slice: ValueOperator = (node) => {
  const signal = signalOf(node)
  const places = (node.opset < 10 ? node.integers('axes') : numbersOf(node, 3)) ?? signal.axes.keys()
  for (const place of places) checkCut(node, signal, signal.axes[placeOf(node, place, signal.axes.length)])
  return { ...signal, isCut: true }
}

/** All outputs are alike. */
const Split: ValueOperator = (node) => {
  const signal = signalOf(node)
  return signal.layer === 0 ? { ...signal, isCut: true } : node.refuse('states to begin with', 'others')
}

const mostAxes = 8

const Unsqueeze: ValueOperator = (node, sizes) => {
  const signal = signalOf(node)
  const places = (node.opset < 13 ? node.integers('axes') : numbersOf(node, 1)) ?? []
  const rank = signal.axes.length + places.length
  if (rank > mostAxes) node.refuse(`at most ${mostAxes} axes`, `${rank}`)
  const added = new Set(places.map((place) => placeOf(node, place, rank)))
  if (added.size !== places.length) node.refuse('axes once each', 'one twice')
  const left = [...signal.axes]
  const axes = Array.from({ length: rank }, (_, place) => {
    if (!added.has(place)) return left.shift() as Axis
    const name = `added axis ${sizes.size}`
    sizes.set(name, 1)
    return name
  })
  return { ...signal, axes }
}

const Squeeze: ValueOperator = (node, sizes) => {
  const signal = signalOf(node)
  const places = (node.opset < 13 ? node.integers('axes') : numbersOf(node, 1)) ?? node.refuse('axes', 'none')
  const gone = new Set(places.map((place) => placeOf(node, place, signal.axes.length)))
  for (const place of gone) {
    const size = sizeOfAxis(signal.axes[place], signal, sizes)
    if (size !== 1)
      node.refuse('an axis of size 1', size === undefined ? 'one of any size' : `one of size ${size}`)
  }
  return { ...signal, axes: signal.axes.filter((_, place) => !gone.has(place)) }
}

/** Last states one after the other, or the halves of one layer side by side. */
const Concat: ValueOperator = (node) => {
  const axis = node.integer('axis', 0)
  if (axis === 0 && node.inputs.every(isStackable)) return stackOf(node)
  const [forward, reverse, ...others] = node.inputs
  const areHalves =
    forward?.kind === 'signal' &&
    reverse?.kind === 'signal' &&
    others.length === 0 &&
    forward.half === 'forward' &&
    reverse.half === 'reverse' &&
    forward.layer === reverse.layer &&
    forward.axes.join() === reverse.axes.join()
  if (!areHalves) return node.refuse('the forward and the reverse states of one layer', 'others')
  const { half: _, axes, ...both } = forward
  const place = placeOf(node, axis, axes.length)
  if (axes[place] !== hiddenAxis) node.refuse('states side by side', 'one after the other')
  return { ...both, axes: axes.with(place, statesAxis), isCut: true }
}

const Transpose: ValueOperator = (node) => {
  const signal = signalOf(node)
  const { axes } = signal
  const order = node.integers('perm') ?? [...axes.keys()].reverse()
  const isOrder = order.length === axes.length && new Set(order).size === axes.length
  if (!isOrder || !order.every((place) => axes[place] !== undefined))
    node.refuse(`an order of ${axes.length} axes`, 'another')
  return { ...signal, axes: order.map((place) => axes[place]) }
}

/** To the shape it has, with both directions side by side, or without the only direction. */
const Reshape: ValueOperator = (node, sizes) => {
  const signal = signalOf(node)
  const { axes } = signal
  const { entries } = entriesOf(node, 1)
  if (node.integer('allowzero', 0) !== 0 && entries.includes(0)) node.refuse('allowzero 0', '1')
  const place = axes.indexOf(directionAxis)
  const isSingle = place >= 0 && directionsOf(signal).length === 1
  const isSideBySide = place >= 0 && place === axes.length - 2 && axes[place + 1] === hiddenAxis
  const possible = [
    axes,
    ...(isSingle ? [axes.toSpliced(place, 1)] : []),
    ...(isSideBySide && !isSingle ? [[...axes.slice(0, place), statesAxis]] : []),
  ]
  const fits = (wanted: readonly Axis[]) =>
    entries.length === wanted.length &&
    entries.filter((entry) => entry === -1).length <= 1 &&
    entries.every((entry, at) => {
      if (entry === 0) return axes[at] === wanted[at]
      return entry === -1 || entry === wanted[at] || entry === sizeOfAxis(wanted[at], signal, sizes)
    })
  const found = possible.find(fits)
  if (found) return { ...signal, axes: found }
  return node.refuse(
    'a shape that only puts both directions side by side',
    `[${entries.join(', ')}] for [${axes.join(', ')}]`,
  )
}

const Identity: ValueOperator = (node) => signalOf(node)

const Dropout: ValueOperator = (node) => {
  const training = node.inputs[2]
  return training && training.kind !== 'none' ? node.refuse('no training mode', 'one') : signalOf(node)
}

export const axisOperators: Readonly<Record<string, ValueOperator>> = {
  Gather,
  Slice,
  Split,
  Unsqueeze,
  Squeeze,
  Concat,
  Transpose,
  Reshape,
  Identity,
  Dropout,
}
