/** Which options a resident training loop can do, and the kernel calls of its clip and its update. */

import { clipSettings } from '../clip-gradient/options'
import type { Kernel } from '../kernel/kernel'
import { defaultLearningRate } from '../optimizer/optimizer'
import { scheduled } from '../optimizer/schedule/schedule'
import type { Cell } from '../rnn-cell/cell'
import type { Topology } from '../unroll/topology'
import type { TrainingOptions } from './training'

export interface ResidentRules {
  readonly topology: Topology
  /** names of the moments that an optimizer's state has */
  readonly moments: readonly string[]
  /** whether nothing can leave the finite numbers in this update */
  isSafe(step: number, norm: number): boolean
  /** @param step number of the update, from 1 */
  update(kernel: Kernel, blocks: Blocks, step: number, norm: number): void
}

/** Where the blocks lie that an update works on. */
export interface Blocks {
  readonly parameterBlock: number
  readonly gradientBlock: number
  readonly first: number
  readonly second: number
  readonly count: number
}

/** An update is safe as long as no number of it comes near the largest float32. */
const mostChange = 1e30

/** A number as the kernels take it in. */
const inPrecision = (value: number, { precision }: Cell): number =>
  precision === 'float32' ? Math.fround(value) : value

const topologies: readonly Topology[] = ['many-to-one', 'many-to-many', 'one-to-one']

export function residentRules(
  cell: Cell,
  { unroll, bptt, clip, optimizer }: TrainingOptions,
): ResidentRules | undefined {
  const { topology = 'many-to-one', ...unrollRest } = unroll ?? {}
  const { loss = 'mse', ...bpttRest } = bptt ?? {}
  const { rule = 'adam', learningRate = defaultLearningRate(rule), schedule, ...rest } = optimizer ?? {}
  const { momentum = 0, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, ...others } = rest
  const isUsual =
    topologies.includes(topology) &&
    loss === 'mse' &&
    cell.readout === 'linear' &&
    (rule === 'adam' || rule === 'sgd') &&
    inPrecision(epsilon, cell) > 0 &&
    [unrollRest, bpttRest, others].every((options) =>
      Object.values(options).every((value) => value === undefined),
    )
  if (!isUsual) return undefined
  const settings = clipSettings(clip ?? {})
  const isNorm = settings.rule === 'global-norm' && settings.normType === 2
  if (!isNorm && settings.rule !== 'none') return undefined
  const { rateAt, plateau } = scheduled(schedule ?? { name: 'constant' })
  if (plateau) return undefined
  const coefficientOf = (norm: number) =>
    isNorm ? Math.min(1, settings.threshold / (norm + settings.epsilon)) : 1
  const rateOf = (step: number) => rateAt(learningRate, step)

  if (rule === 'sgd')
    return {
      topology,
      moments: momentum === 0 ? [] : ['velocity'],
      isSafe: (step, norm) => (rateOf(step) * norm * coefficientOf(norm)) / (1 - momentum) < mostChange,
      update: (kernel, { parameterBlock, gradientBlock, first, count }, step, norm) =>
        kernel.sgd(
          parameterBlock,
          gradientBlock,
          first,
          count,
          coefficientOf(norm),
          rateOf(step),
          momentum,
          step,
        ),
    }
  return {
    topology,
    moments: ['mean', 'square'],
    isSafe: (step, norm) => rateOf(step) < mostChange && norm < 1e18,
    update: (kernel, { parameterBlock, gradientBlock, first, second, count }, step, norm) =>
      kernel.adam(
        parameterBlock,
        gradientBlock,
        first,
        second,
        count,
        coefficientOf(norm),
        rateOf(step),
        beta1,
        beta2,
        epsilon,
        step,
      ),
  }
}
