/** Inputs, targets, states and gaps for a cell, drawn from a seed. */
import { type BpttOptions, type Cell, type Tensor, tensor, type UnrollOptions, unroll } from '../../src'
import { type Random, random } from '../../src/random/random'
import type { Case, Drawn } from './networks'

/** Uniform in ±[low, high]: far from 0. */
const awayFromZero = ({ uniform }: Random, low: number, high: number) =>
  uniform(low, high) * (uniform() < 0.5 ? -1 : 1)

/** Everything but the cell. */
export function dataFor(cell: Cell, drawn: Drawn): Omit<Case, 'cell'> {
  const { topology, batch, feed, teacherForcing, pastEnd, reduction } = drawn
  const source = random(drawn.seed)
  const fill = (shape: number[], next: () => number = source.normal): Tensor => {
    const filled = tensor(cell.precision, shape)
    for (let index = 0; index < filled.data.length; index++) filled.data[index] = next()
    return filled
  }
  const takesOnce = topology.startsWith('one-')
  const readsOnce = topology.endsWith('-one')
  const isFed = topology === 'one-to-many' || topology === 'encoder-decoder'
  const steps = takesOnce ? 1 : drawn.steps
  const outputSteps = isFed ? drawn.fedSteps : steps
  const states = () =>
    fill(
      [cell.layers * (cell.bidirectional ? 2 : 1), batch, cell.sizes.hiddenSize],
      () => source.normal() / 2,
    )
  const leading = readsOnce ? [batch] : [batch, outputSteps]
  /** with one step at least, so that something counts */
  const pauses = () => {
    const there = source.integer(0, steps - 1)
    return Array.from({ length: steps }, (_, step) => (step === there ? 1 : source.integer(0, 1)))
  }
  const some = (most: number) => Array.from({ length: batch }, () => source.integer(1, most))

  const inputs = fill([batch, steps, cell.sizes.inputSize])
  const options: UnrollOptions = {
    topology,
    pastEnd,
    initialState: cell.type === 'lstm' ? { h: states(), c: states() } : states(),
    ...(isFed && { steps: outputSteps, feed, teacherForcing, seed: drawn.seed }),
    ...(isFed && teacherForcing > 0 && { targets: fill([...leading, cell.sizes.outputSize]) }),
    ...(drawn.padding === 'lengths' && !takesOnce && { lengths: some(steps) }),
    ...(drawn.padding === 'mask' && !takesOnce && { mask: Array.from({ length: batch }, pauses) }),
    ...(drawn.pausesFirst &&
      takesOnce && { mask: Array.from({ length: batch }, (_, row) => [Number(row === 0)]) }),
    ...(isFed && drawn.padsTargets && { targetLengths: some(outputSteps) }),
  }
  return { inputs, unroll: options, ...judged() }

  function judged(): { targets: Tensor; loss: BpttOptions } {
    const { outputSize } = cell.sizes
    const full = [...leading, outputSize]
    switch (drawn.loss) {
      case 'mse':
        return { targets: fill(full), loss: { loss: 'mse', reduction } }
      case 'mae':
        return { targets: offOutputs(() => awayFromZero(source, 0.2, 2)), loss: { loss: 'mae', reduction } }
      case 'huber': {
        // errors far from the kink, on either side of it
        const error = () =>
          source.uniform() < 0.5 ? awayFromZero(source, 0.2, 0.5) : awayFromZero(source, 1, 2)
        return { targets: offOutputs(error), loss: { loss: 'huber', delta: 0.75, reduction } }
      }
      case 'cross-entropy':
        return {
          targets: fill(leading, () => source.integer(0, outputSize - 1)),
          loss: { loss: 'cross-entropy', reduction },
        }
      case 'cross-entropy of probabilities': {
        // of a single output classes are always indices
        if (outputSize === 1)
          return { targets: tensor(cell.precision, leading), loss: { loss: 'cross-entropy', reduction } }
        const targets = fill(full, () => source.uniform(0.1, 1))
        for (let start = 0; start < targets.data.length; start += outputSize) {
          const row = targets.data.subarray(start, start + outputSize)
          let sum = 0
          for (const value of row) sum += value
          for (let k = 0; k < outputSize; k++) row[k] /= sum
        }
        return { targets, loss: { loss: 'cross-entropy', reduction } }
      }
      case 'binary-cross-entropy':
        return {
          targets: fill(full, () => source.uniform()),
          loss: { loss: 'binary-cross-entropy', reduction },
        }
    }
  }

  /** Targets which the outputs miss by so much. */
  function offOutputs(error: () => number): Tensor {
    const { outputs } = unroll(cell, inputs, options)
    const [length, , size] = outputs.shape
    const targets = fill([...leading, size], error)
    for (let l = 0; l < length; l++)
      for (let row = 0; row < batch; row++)
        for (let unit = 0; unit < size; unit++)
          targets.data[(row * length + l) * size + unit] += outputs.data[(l * batch + row) * size + unit]
    return targets
  }
}
