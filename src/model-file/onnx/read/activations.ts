/** The functions of an operator RNN, GRU or LSTM, and the clip before them. */
import type { ActivationName, GateActivationName } from '../../../rnn-cell/activation'
import type { CellType } from '../../../rnn-cell/form'
import { activationsOf, onnxActivations } from '../operators'
import type { NodeReader } from './node'

/** Of one direction, the other's being the same: f, g and h of the operator, as many as it has. */
export type Activations = readonly (ActivationName | GateActivationName)[]

/** @throws ExpectedError naming the node, for a function that no cell has in its place */
export function readActivations(node: NodeReader, type: CellType, directions: number): Activations {
  const usual = activationsOf({ type, activation: 'tanh', gateActivation: 'sigmoid' })
  const given = node.texts('activations')
  if (!given) return usual
  if (given.length !== directions * usual.length)
    node.refuse(`${directions * usual.length} activations`, `${given.length}`)
  const read = readNames(node, given)
  const own = read.slice(0, usual.length)
  if (read.some((name, index) => name !== own[index % usual.length]))
    node.refuse('the same activations in both directions', read.join(', '))
  const [gates, ...others] = type === 'rnn' ? [undefined, ...own] : own
  if (gates && gates !== 'sigmoid' && gates !== 'hard-sigmoid')
    node.refuse('gates of Sigmoid or HardSigmoid', gates)
  if (others.some((name) => name === 'hard-sigmoid' || name !== others[0]))
    node.refuse('one activation Tanh, Relu, Sigmoid or Affine besides that of the gates', others.join(', '))
  return own
}

/** By our names. Functions that have an alpha and a beta take them from the front of two lists. */
function readNames(node: NodeReader, given: readonly string[]): Activations {
  const alphas = [...node.floats('activation_alpha')]
  const betas = [...node.floats('activation_beta')]
  return given.map((name) => {
    const [own, { coefficients }] =
      Object.entries(onnxActivations).find(([, known]) => known.name.toLowerCase() === name.toLowerCase()) ??
      node.refuse('activations Tanh, Relu, Sigmoid, HardSigmoid or Affine', name.slice(0, 30))
    const [alpha, beta] = coefficients ?? []
    const isOther = (list: number[], usual: number | undefined) =>
      usual !== undefined && (list.shift() ?? Math.fround(usual)) !== Math.fround(usual)
    if ([isOther(alphas, alpha), isOther(betas, beta)].includes(true))
      node.refuse(`${name} of alpha ${alpha} and beta ${beta}`, 'others')
    return own as Activations[number]
  })
}

/** @throws ExpectedError naming the node, for a clip that limits nothing, or everything */
export function readClip(node: NodeReader): { clip?: number } {
  const clip = node.float('clip')
  if (clip === undefined) return {}
  return clip > 0 && Number.isFinite(clip)
    ? { clip: shortest(clip) }
    : node.refuse('a clip above 0', `${clip}`)
}

/** The number with the fewest digits that is the same in float32: 0.7, where it says 0.699999988079071. */
function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits))
    if (Math.fround(rounded) === value) return rounded
  }
  return value
}
