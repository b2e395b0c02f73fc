import type { Tensor } from '../../tensor/tensor'
import type { LossResult } from './loss'

/** L = mean((o - y)²), ∂L/∂o = 2 (o - y) / count. As torch.nn.MSELoss. */
export function meanSquaredError(outputs: Tensor, targets: Tensor): LossResult {
  const count = outputs.data.length
  const der = new Float64Array(count)
  let sum = 0
  for (let index = 0; index < count; index++) {
    const error = outputs.data[index] - targets.data[index]
    sum += error * error
    der[index] = (2 * error) / count
  }
  return { loss: sum / count, der }
}
