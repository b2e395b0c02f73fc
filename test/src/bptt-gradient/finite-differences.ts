/** ∂L/∂θ by central differences of fourth order: (8 (L(θ+e) - L(θ-e)) - (L(θ+2e) - L(θ-2e))) / 12e. */
import fc from 'fast-check'
import should from 'should'
import { evaluate, type Unrolled, withParameters } from '../../../src'
import { type Case, gradientOf, relativeError, run } from '../../support/networks'

/**
 * On which side of its kinks every unit and every choice is: relu and hard sigmoid at 0 and 1, activations at their
 * clip, the class that is fed back.
 */
function sides({ strands, fed, cell }: Unrolled, feed: unknown): string {
  const isSmooth = cell.activation !== 'relu' && cell.gateActivation === 'sigmoid' && cell.clip === undefined
  const units = isSmooth ? [] : strands.flatMap(({ hidden, gates }) => [hidden, ...(gates ? [gates] : [])])
  const bounds = cell.clip === undefined ? [0, 1] : [0, 1, ...boundsOf(cell.clip)]
  const at = units.flatMap(({ data }) => Array.from(data, (value) => bounds.indexOf(value)))
  return [...at, ...(feed === 'one-hot' ? (fed?.inputs.data ?? []) : [])].join()
}

const boundsOf = (clip: number) =>
  [clip, -clip].flatMap((a) => [
    a,
    Math.tanh(a),
    1 / (1 + Math.exp(-a)),
    Math.min(Math.max(0.2 * a + 0.5, 0), 1),
  ])

/** Undefined if a step goes over a kink, where a difference is no derivative. */
export function finiteDifferences(
  network: Case,
  name: string,
  entries: readonly number[],
  e = 1e-3,
): number[] | undefined {
  const { cell, targets, loss } = network
  const { data, shape, dtype } = cell.parameters[name]
  const { feed } = network.unroll
  const before = sides(run(network), feed)
  let kink = false
  const lossWith = (index: number, shift: number) => {
    const shifted = data.slice()
    shifted[index] += shift
    const moved = withParameters(cell, { [name]: { shape, dtype, data: shifted } })
    const unrolled = run({ ...network, cell: moved })
    if (before !== '' && sides(unrolled, feed) !== before) kink = true
    return evaluate(unrolled, targets, loss).loss
  }
  const differences = entries.map((index) => {
    const near = lossWith(index, e) - lossWith(index, -e)
    const far = lossWith(index, 2 * e) - lossWith(index, -2 * e)
    return (8 * near - far) / (12 * e)
  })
  return kink ? undefined : differences
}

/**
 * Every parameter's gradient within 1e-6 of the differences, relative to the tensor's norm, or to a thousandth of the
 * whole gradient's; of a gradient that vanishes within 1e-15 / e, what rounding leaves of a difference.
 *
 * @param most entries of one tensor that are tried, evenly spread
 */
export function agreesWithDifferences(network: Case, most: number, e = 1e-3): void {
  const { parameters, norm } = gradientOf(network)
  fc.pre(norm < 1e3)
  for (const [name, { data }] of Object.entries(parameters)) {
    const count = Math.min(data.length, most)
    const entries = Array.from({ length: count }, (_, index) => Math.floor((index * data.length) / count))
    const differences = finiteDifferences(network, name, entries, e)
    fc.pre(differences !== undefined)
    const own = entries.map((index) => data[index])
    should(relativeError(own, differences ?? [], Math.max(1e-3 * norm, 1e-9 / e))).be.belowOrEqual(
      1e-6,
      `∂L/∂${name}`,
    )
  }
}
