/** Every loss, with every option, with and without a mask: the derivative against finite differences. */
import fc from 'fast-check'
import should from 'should'
import { type LossName, type LossOptions, losses } from '../../../src/bptt-gradient/loss/loss'
import { random } from '../../../src/random/random'
import { type Tensor, tensor } from '../../../src/tensor/tensor'

type Draw = ReturnType<typeof random>
interface Drawn {
  readonly options: LossOptions
  /** a target for an output, or for a readout if they are class indices */
  readonly target: (draw: Draw) => number
  readonly areIndices?: boolean
}

const tenths = (draw: Draw) => draw.integer(-20, 20) / 10
const shares = (draw: Draw) => draw.integer(0, 8) / 8
const weights = (draw: Draw, size: number) => Array.from({ length: size }, () => draw.integer(1, 30) / 10)

/** Outputs are odd multiples of 0.05, so that none comes near a kink of mae or huber. */
const variants: [LossName, string, (draw: Draw, size: number) => Drawn][] = [
  ['mse', '', () => ({ options: {}, target: tenths })],
  ['mae', '', () => ({ options: {}, target: tenths })],
  ['huber', '', () => ({ options: {}, target: tenths })],
  ['huber', 'delta', (draw) => ({ options: { delta: draw.integer(1, 20) / 10 }, target: tenths })],
  [
    'cross-entropy',
    'of class indices',
    (_, size) => ({ options: {}, target: (draw) => draw.integer(0, size - 1), areIndices: true }),
  ],
  [
    'cross-entropy',
    'of class indices, classWeights',
    (draw, size) => ({
      options: { classWeights: weights(draw, size) },
      target: (draw) => draw.integer(0, size - 1),
      areIndices: true,
    }),
  ],
  [
    'cross-entropy',
    'of class indices, classWeights, ignoreIndex',
    (draw, size) => ({
      options: { classWeights: weights(draw, size), ignoreIndex: 2 },
      target: (draw) => draw.integer(0, size - 1),
      areIndices: true,
    }),
  ],
  ['cross-entropy', 'of probabilities', () => ({ options: {}, target: shares })],
  [
    'cross-entropy',
    'of probabilities, classWeights',
    (draw, size) => ({ options: { classWeights: weights(draw, size) }, target: shares }),
  ],
  ['binary-cross-entropy', '', () => ({ options: {}, target: shares })],
  [
    'binary-cross-entropy',
    'positiveWeights',
    (draw, size) => ({ options: { positiveWeights: weights(draw, size) }, target: shares }),
  ],
]

const fill = (shape: number[], next: () => number): Tensor => {
  const filled = tensor('float64', shape)
  for (let index = 0; index < filled.data.length; index++) filled.data[index] = next()
  return filled
}

/** (L(o + h) - L(o - h)) / 2h, one output after the other */
function differences(outputs: Tensor, loss: (outputs: Tensor) => number): number[] {
  const step = 1e-5
  return Array.from(outputs.data, (_, place) => {
    const moved = (by: number) => ({
      ...outputs,
      data: outputs.data.map((value, index) => (index === place ? value + by : value)),
    })
    return (loss(moved(step)) - loss(moved(-step))) / (2 * step)
  })
}

describe('the derivative of a loss is that of finite differences', () => {
  for (const [name, what, drawn] of variants)
    for (const reduction of ['mean', 'sum'] as const)
      for (const masked of [false, true])
        it(`${name} ${what} ${reduction}${masked ? ', masked' : ''}`, () => {
          const size = fc.integer({ min: 1, max: 4 })
          fc.assert(
            fc.property(size, size, size, fc.integer({ min: 1, max: 1e6 }), (L, B, extra, seed) => {
              const draw = random(seed)
              const O = what === '' ? extra : extra + 1
              const { options, target, areIndices } = drawn(draw, O)
              const outputs = fill([L, B, O], () => draw.integer(-30, 30) / 10 + 0.05)
              const targets = fill([L, B, areIndices ? 1 : O], () => target(draw))
              // the first readout always counts, or there might be no mean
              if (areIndices) targets.data[0] = 0
              const mask = masked
                ? Uint8Array.from({ length: L * B }, (_, row) => (row === 0 ? 1 : draw.integer(0, 1)))
                : undefined
              const compare = (of: Tensor) =>
                losses[name].compare({ outputs: of, targets, mask }, { ...options, reduction })
              const { der } = compare(outputs)
              differences(outputs, (moved) => compare(moved).loss).forEach((wanted, index) => {
                should(der[index]).be.approximately(wanted, 1e-7 * Math.max(1, Math.abs(wanted)))
                if (mask?.[Math.floor(index / O)] === 0) should(der[index]).equal(0)
              })
            }),
            { numRuns: 30 },
          )
        })
})
