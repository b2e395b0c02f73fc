/** The steps of the cells backwards: the derivative of each line of the way forward. */
import type { Floats } from '../../tensor/tensor'
import type { StepsBackward } from '../kernel'
import { gatePhi, phi } from './activations'
import { carryBack } from './carried'
import type { Numbers } from './numbers'

/** to[unit] += Σ_row w[row, unit] · delta[row] */
function addThrough(x: Floats, w: number, size: number, rows: number, delta: number, to: number): void {
  for (let unit = 0; unit < size; unit++) {
    let sum = 0
    for (let row = 0; row < rows; row++) sum += x[w + row * size + unit] * x[delta + row]
    x[to + unit] += sum
  }
}

export function plainBackward(numbers: Numbers): StepsBackward {
  const { place, dtype } = numbers
  /** Every sequence that is there, with its row; of one that is not δ is 0. */
  const eachPresent = (
    { batch, present, stride, step }: { batch: number; present: number; stride: number; step: number },
    absent: (row: number) => void,
    there: (row: number) => void,
  ) => {
    const bytes = numbers.bytes()
    for (let row = 0; row < batch; row++)
      if (present && bytes[present + step * stride + row] === 0) absent(row)
      else there(row)
  }

  return {
    rnnBackward(
      steps,
      batch,
      size,
      w,
      after,
      afterStride,
      activation,
      clip,
      external,
      externalStride,
      delta,
      deltaStride,
      carried,
      norms,
      exponents,
      present,
      presentStride,
      keepLast,
    ) {
      const x = numbers.all()
      const { der } = phi(activation, clip, dtype)
      const way = {
        steps,
        count: batch * size,
        carried: [carried],
        external,
        externalStride,
        norms,
        exponents,
        keepLast,
      }
      return carryBack(numbers, way, (step) => {
        const own = (row: number) => place(delta) + step * deltaStride + row * size
        const gradient = (row: number) => place(carried) + row * size
        eachPresent(
          { batch, present, stride: presentStride, step },
          (row) => x.fill(0, own(row), own(row) + size),
          (row) => {
            for (let unit = 0; unit < size; unit++) {
              const h = x[place(after) + step * afterStride + row * size + unit]
              x[own(row) + unit] = der(h) * x[gradient(row) + unit]
              x[gradient(row) + unit] = 0
            }
            addThrough(x, place(w), size, size, own(row), gradient(row))
          },
        )
      })
    },

    lstmBackward(
      steps,
      batch,
      size,
      w,
      p,
      gates,
      gatesStride,
      squashed,
      squashedStride,
      cellBefore,
      cellBeforeStride,
      activation,
      gateActivation,
      clip,
      external,
      externalStride,
      delta,
      deltaStride,
      carried,
      carriedCell,
      norms,
      exponents,
      present,
      presentStride,
      keepLast,
    ) {
      const x = numbers.all()
      const g = phi(activation, clip, dtype).der
      const out = phi(activation, Number.POSITIVE_INFINITY, dtype).der
      const gate = gatePhi(gateActivation, clip, dtype).der
      const peephole = (index: number, unit: number) => (p ? x[place(p) + index * size + unit] : 0)
      const way = {
        steps,
        count: batch * size,
        carried: [carried, carriedCell],
        external,
        externalStride,
        norms,
        exponents,
        keepLast,
      }
      return carryBack(numbers, way, (step) => {
        const own = (row: number) => place(delta) + step * deltaStride + row * 4 * size
        eachPresent(
          { batch, present, stride: presentStride, step },
          (row) => x.fill(0, own(row), own(row) + 4 * size),
          (row) => {
            const kept = place(gates) + step * gatesStride + row * 4 * size
            const [dhs, dcs] = [place(carried) + row * size, place(carriedCell) + row * size]
            for (let unit = 0; unit < size; unit++) {
              const [i, f, n, o] = [0, 1, 2, 3].map((index) => x[kept + index * size + unit])
              const u = x[place(squashed) + step * squashedStride + row * size + unit]
              const c = x[place(cellBefore) + step * cellBeforeStride + row * size + unit]
              const dh = x[dhs + unit]
              const dout = gate(o) * dh * u
              const dc = x[dcs + unit] + out(u) * dh * o + dout * peephole(2, unit)
              const [di, df] = [gate(i) * dc * n, gate(f) * dc * c]
              x[own(row) + unit] = di
              x[own(row) + size + unit] = df
              x[own(row) + 2 * size + unit] = g(n) * dc * i
              x[own(row) + 3 * size + unit] = dout
              x[dcs + unit] = dc * f + di * peephole(0, unit) + df * peephole(1, unit)
              x[dhs + unit] = 0
            }
            addThrough(x, place(w), size, 4 * size, own(row), dhs)
          },
        )
      })
    },

    gruBackward(
      steps,
      batch,
      size,
      w,
      resetAfter,
      gates,
      gatesStride,
      inner,
      innerStride,
      before,
      beforeStride,
      activation,
      gateActivation,
      clip,
      external,
      externalStride,
      delta,
      deltaStride,
      innerDelta,
      innerDeltaStride,
      carried,
      norms,
      exponents,
      present,
      presentStride,
      keepLast,
    ) {
      const x = numbers.all()
      const candidate = phi(activation, clip, dtype).der
      const gate = gatePhi(gateActivation, clip, dtype).der
      const way = {
        steps,
        count: batch * size,
        carried: [carried],
        external,
        externalStride,
        norms,
        exponents,
        keepLast,
      }
      const lastGate = place(w) + 2 * size * size
      return carryBack(numbers, way, (step) => {
        const own = (row: number) => place(delta) + step * deltaStride + row * 3 * size
        const within = (row: number) => place(innerDelta) + step * innerDeltaStride + row * size
        eachPresent(
          { batch, present, stride: presentStride, step },
          (row) => {
            x.fill(0, own(row), own(row) + 3 * size)
            if (innerDelta) x.fill(0, within(row), within(row) + size)
          },
          (row) => {
            const kept = place(gates) + step * gatesStride + row * 3 * size
            const held = place(before) + step * beforeStride + row * size
            const m = place(inner) + step * innerStride + row * size
            const dhs = place(carried) + row * size
            const [dr, dz, dn] = [own(row), own(row) + size, own(row) + 2 * size]
            for (let unit = 0; unit < size; unit++) {
              const [r, z, n] = [0, 1, 2].map((index) => x[kept + index * size + unit])
              const dh = x[dhs + unit]
              x[dz + unit] = gate(z) * dh * (x[held + unit] - n)
              x[dn + unit] = candidate(n) * dh * (1 - z)
              x[dhs + unit] = dh * z
              if (!resetAfter) continue
              x[dr + unit] = gate(r) * x[dn + unit] * x[m + unit]
              x[within(row) + unit] = x[dn + unit] * r
            }
            if (resetAfter) addThrough(x, lastGate, size, size, within(row), dhs)
            else {
              for (let unit = 0; unit < size; unit++) {
                let through = 0
                for (let other = 0; other < size; other++)
                  through += x[lastGate + other * size + unit] * x[dn + other]
                const r = x[kept + unit]
                x[dr + unit] = gate(r) * through * x[held + unit]
                x[dhs + unit] += through * r
              }
            }
            addThrough(x, place(w), size, 2 * size, own(row), dhs)
          },
        )
      })
    },
  }
}
