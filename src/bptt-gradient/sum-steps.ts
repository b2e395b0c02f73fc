/** The parts that several windows have in one step of a strand, added up. */
import type { State } from '../rnn-cell/kind'
import type { StrandStep } from './chain'
import { scaleByPowerOfTwo } from './scaled'

/** A part that is looked at once its chain has gone on, which writes into what it carries further back. */
export function kept({ strand, exponent, step }: StrandStep): StrandStep {
  const { hidden, cellState } = step.gradientBefore
  const gradientBefore = { hidden: hidden.slice(), ...(cellState && { cellState: cellState.slice() }) }
  return { strand, exponent, step: { ...step, gradientBefore } }
}

/** @param parts at least one, of the same strand and step */
export function sumSteps(parts: readonly StrandStep[]): StrandStep {
  const exponent = Math.max(...parts.map((part) => part.exponent))
  const sum = (values: (part: StrandStep) => Float64Array): Float64Array => {
    const total = new Float64Array(values(parts[0]).length)
    for (const part of parts) {
      const own = values(part).slice()
      scaleByPowerOfTwo(own, part.exponent - exponent)
      for (let index = 0; index < total.length; index++) total[index] += own[index]
    }
    return total
  }
  const sumState = (which: 'gradient' | 'gradientBefore'): State<Float64Array> => ({
    hidden: sum(({ step }) => step[which].hidden),
    ...(parts[0].step[which].cellState && {
      cellState: sum(({ step }) => step[which].cellState as Float64Array),
    }),
  })
  const [{ strand, step }] = parts
  const delta = sum((part) => part.step.delta)
  return {
    strand,
    exponent,
    step: {
      ...step,
      gradient: sumState('gradient'),
      gradientBefore: sumState('gradientBefore'),
      delta,
      recurrentDelta: step.recurrentDelta === step.delta ? delta : sum((part) => part.step.recurrentDelta),
    },
  }
}
