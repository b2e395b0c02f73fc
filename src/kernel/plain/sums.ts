/** Norms of terms, and updates, number by number. */
import type { Terms, Updates } from '../kernel'
import { phi } from './activations'
import type { Numbers } from './numbers'

const leastNormal = { float32: 2 ** -126, float64: 2 ** -1022 } as const

export function plainTerms(numbers: Numbers): Terms {
  const { place, dtype } = numbers
  /** Σ over rows and columns of (Σ_b value(b, row, column))² */
  const squares = (
    batch: number,
    rows: number,
    columns: number,
    value: (b: number, r: number, c: number) => number,
  ) => {
    let total = 0
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        let sum = 0
        for (let b = 0; b < batch; b++) sum += value(b, row, column)
        total += sum * sum
      }
    return total
  }
  return {
    termNorms(out, steps, batch, a, ldA, m, aStride, b, ldB, n, bStride) {
      const x = numbers.all()
      const squared = numbers.doubles()
      for (let step = 0; step < steps; step++) {
        const [as, bs] = [place(a) + step * aStride, place(b) + step * bStride]
        squared[out / 8 + step] = squares(
          batch,
          m,
          n,
          (s, row, column) => x[as + s * ldA + row] * x[bs + s * ldB + column],
        )
      }
    },
    rowSumNorms(out, steps, batch, a, ldA, m, aStride) {
      const x = numbers.all()
      for (let step = 0; step < steps; step++)
        numbers.doubles()[out / 8 + step] = squares(
          batch,
          m,
          1,
          (s, row) => x[place(a) + step * aStride + s * ldA + row],
        )
    },
    rowNorms(out, steps, batch, a, ldA, m, aStride) {
      const x = numbers.all()
      for (let step = 0; step < steps; step++)
        for (let row = 0; row < batch; row++)
          numbers.doubles()[out / 8 + step * batch + row] = squares(
            1,
            m,
            1,
            (_, column) => x[place(a) + step * aStride + row * ldA + column],
          )
    },
    scaleSteps(values, steps, count, stride, exponents) {
      const x = numbers.all()
      for (let step = 0; step < steps; step++) {
        const factor = 2 ** numbers.integers()[exponents / 4 + step]
        if (factor === 1) continue
        for (let index = 0; index < count; index++) {
          const at = place(values) + step * stride + index
          const scaled = x[at] * factor
          x[at] = Math.abs(scaled) < leastNormal[dtype] ? 0 : scaled
        }
      }
    },
  }
}

export function plainUpdates(numbers: Numbers): Updates {
  const { place, dtype } = numbers
  return {
    squaredNorm(values, count) {
      const x = numbers.all()
      let sum = 0
      for (let index = place(values); index < place(values) + count; index++) sum += x[index] * x[index]
      return sum
    },
    meanSquaredError(output, target, der, count, factor) {
      const x = numbers.all()
      let loss = 0
      for (let index = 0; index < count; index++) {
        const error = x[place(output) + index] - x[place(target) + index]
        loss += error * error
        x[place(der) + index] = 2 * factor * error
      }
      return loss * factor
    },
    adam(
      parameters,
      gradient,
      first,
      second,
      count,
      gradientScale,
      learningRate,
      beta1,
      beta2,
      epsilon,
      step,
    ) {
      const x = numbers.all()
      const rate = learningRate / (1 - beta1 ** step)
      const root = Math.sqrt(1 - beta2 ** step)
      for (let index = 0; index < count; index++) {
        const g = x[place(gradient) + index] * gradientScale
        const [m, v] = [place(first) + index, place(second) + index]
        x[m] = beta1 * x[m] + (1 - beta1) * g
        x[v] = beta2 * x[v] + (1 - beta2) * g * g
        x[place(parameters) + index] -= (rate * x[m]) / (Math.sqrt(x[v]) / root + epsilon)
      }
    },
    sgd(parameters, gradient, buffer, count, gradientScale, learningRate, momentum, step) {
      const x = numbers.all()
      for (let index = 0; index < count; index++) {
        const g = x[place(gradient) + index] * gradientScale
        const v = place(buffer) + index
        if (momentum) x[v] = step === 1 ? g : momentum * x[v] + g
        x[place(parameters) + index] -= learningRate * (momentum ? x[v] : g)
      }
    },
    activate(values, count, activation) {
      const x = numbers.all()
      const { output } = phi(activation, Number.POSITIVE_INFINITY, dtype)
      for (let index = place(values); index < place(values) + count; index++) x[index] = output(x[index])
    },
  }
}
