/** The steps of the cells, unit by unit: torch.nn.RNN, LSTM and GRU, with the reset on either side of the product. */
import type { Floats } from '../../tensor/tensor'
import type { StepsForward } from '../kernel'
import { gatePhi, phi } from './activations'
import type { Numbers } from './numbers'

/** Σ_i w[row, i] · h[i] */
export const recurrent = (x: Floats, w: number, size: number, row: number, hidden: number): number => {
  let sum = 0
  for (let unit = 0; unit < size; unit++) sum += x[w + row * size + unit] * x[hidden + unit]
  return sum
}

export function plainForward(numbers: Numbers): StepsForward {
  const { place, dtype } = numbers
  const isPresent = (pointer: number, stride: number, step: number, row: number) =>
    pointer === 0 || numbers.bytes()[pointer + step * stride + row] === 1

  return {
    rnnForward(
      steps,
      batch,
      size,
      w,
      a,
      aStride,
      hidden,
      hiddenStride,
      activation,
      clip,
      present,
      presentStride,
    ) {
      const x = numbers.all()
      const { output } = phi(activation, clip, dtype)
      for (let step = 0; step < steps; step++)
        for (let row = 0; row < batch; row++) {
          const before = place(hidden) + step * hiddenStride + row * size
          const stays = !isPresent(present, presentStride, step, row)
          for (let unit = 0; unit < size; unit++) {
            const input = x[place(a) + step * aStride + row * size + unit]
            const value = output(input + recurrent(x, place(w), size, unit, before))
            x[before + hiddenStride + unit] = stays ? x[before + unit] : value
          }
        }
    },

    lstmForward(
      steps,
      batch,
      size,
      w,
      p,
      gates,
      gatesStride,
      hidden,
      hiddenStride,
      cellState,
      cellStateStride,
      squashed,
      squashedStride,
      activation,
      gateActivation,
      clip,
      present,
      presentStride,
    ) {
      const x = numbers.all()
      const g = phi(activation, clip, dtype).output
      const out = phi(activation, Number.POSITIVE_INFINITY, dtype).output
      const gate = gatePhi(gateActivation, clip, dtype).output
      const peephole = (index: number, unit: number, c: number) =>
        p ? x[place(p) + index * size + unit] * c : 0
      for (let step = 0; step < steps; step++)
        for (let row = 0; row < batch; row++) {
          const before = place(hidden) + step * hiddenStride + row * size
          const cell = place(cellState) + step * cellStateStride + row * size
          const own = place(gates) + step * gatesStride + row * 4 * size
          const stays = !isPresent(present, presentStride, step, row)
          for (let unit = 0; unit < size; unit++) {
            const open = (index: number) =>
              x[own + index * size + unit] + recurrent(x, place(w), size, index * size + unit, before)
            const c = x[cell + unit]
            const [i, f] = [gate(open(0) + peephole(0, unit, c)), gate(open(1) + peephole(1, unit, c))]
            const candidate = g(open(2))
            const next = f * c + i * candidate
            const o = gate(open(3) + peephole(2, unit, next))
            const u = out(next)
            x[own + unit] = i
            x[own + size + unit] = f
            x[own + 2 * size + unit] = candidate
            x[own + 3 * size + unit] = o
            x[place(squashed) + step * squashedStride + row * size + unit] = u
            x[cell + cellStateStride + unit] = stays ? c : next
            x[before + hiddenStride + unit] = stays ? x[before + unit] : o * u
          }
        }
    },

    gruForward(
      steps,
      batch,
      size,
      w,
      bn,
      resetAfter,
      gates,
      gatesStride,
      inner,
      innerStride,
      hidden,
      hiddenStride,
      activation,
      gateActivation,
      clip,
      present,
      presentStride,
    ) {
      const x = numbers.all()
      const candidate = phi(activation, clip, dtype).output
      const gate = gatePhi(gateActivation, clip, dtype).output
      for (let step = 0; step < steps; step++)
        for (let row = 0; row < batch; row++) {
          const before = place(hidden) + step * hiddenStride + row * size
          const own = place(gates) + step * gatesStride + row * 3 * size
          const within = place(inner) + step * innerStride + row * size
          const stays = !isPresent(present, presentStride, step, row)
          for (let unit = 0; unit < 2 * size; unit++)
            x[own + unit] = gate(x[own + unit] + recurrent(x, place(w), size, unit, before))
          for (let unit = 0; unit < size; unit++)
            x[within + unit] = resetAfter
              ? (bn ? x[place(bn) + unit] : 0) + recurrent(x, place(w), size, 2 * size + unit, before)
              : x[own + unit] * x[before + unit]
          for (let unit = 0; unit < size; unit++) {
            const [r, z] = [x[own + unit], x[own + size + unit]]
            const passed = resetAfter
              ? r * x[within + unit]
              : recurrent(x, place(w), size, 2 * size + unit, within)
            const n = candidate(x[own + 2 * size + unit] + passed)
            x[own + 2 * size + unit] = n
            x[before + hiddenStride + unit] = stays ? x[before + unit] : (1 - z) * n + z * x[before + unit]
          }
        }
    },
  }
}
