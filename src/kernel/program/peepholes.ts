/** ∂L/∂p of an LSTM's peepholes, and its terms: δ_i ∘ c_{t-1}, δ_f ∘ c_{t-1}, δ_o ∘ c_t. Rare, and so plain. */
import type { Floats } from '../../tensor/tensor'
import type { TermSlot, TermsKind } from './gradients'
import type { Call, Machine } from './machine'
import type { Partial } from './partials'

const inputGate = 0
const forgetGate = 1
const outputGate = 3

/** @param floats a view of so many numbers at a pointer */
export function peepholeCalls(
  { plan, layout }: Machine,
  { name, a, cellStates, first, steps }: Partial,
  { batch: slot, rows: sequenceSlot }: TermSlot,
  kind: TermsKind,
  floats: (pointer: number, count: number) => Floats,
  doubles: (pointer: number, count: number) => Float64Array,
): Call[] {
  if (!cellStates) return []
  const { batch, hiddenSize } = plan
  const size = batch * hiddenSize
  return [
    () => {
      const delta = floats(a.pointer, steps * batch * a.ld)
      const before = floats(cellStates.before, steps * size)
      const after = floats(cellStates.after, steps * size)
      const gradient = floats(layout.gradients[name], 3 * hiddenSize)
      const terms = kind === 'batch' ? doubles(slot + 8 * (first - 1), steps) : undefined
      const sequences =
        kind === 'sequence' ? doubles(sequenceSlot + 8 * (first - 1) * batch, steps * batch) : undefined
      const sum = new Float64Array(3 * hiddenSize)
      const term = new Float64Array(3 * hiddenSize)
      for (let step = 0; step < steps; step++) {
        term.fill(0)
        for (let row = 0; row < batch; row++) {
          let squares = 0
          for (let unit = 0; unit < hiddenSize; unit++) {
            const own = (step * batch + row) * a.ld + unit
            const state = (step * batch + row) * hiddenSize + unit
            const parts = [
              delta[own + inputGate * hiddenSize] * before[state],
              delta[own + forgetGate * hiddenSize] * before[state],
              delta[own + outputGate * hiddenSize] * after[state],
            ]
            parts.forEach((value, index) => {
              term[index * hiddenSize + unit] += value
              squares += value * value
            })
          }
          if (sequences) sequences[step * batch + row] = squares
        }
        if (terms) terms[step] = term.reduce((all, value) => all + value * value, 0)
        for (let index = 0; index < sum.length; index++) sum[index] += term[index]
      }
      gradient.set(sum)
    },
  ]
}
