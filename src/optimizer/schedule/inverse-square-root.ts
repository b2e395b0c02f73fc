/**
 * η √(w / (w+t)): after a warm-up of w updates the rate falls as 1/√k (Vaswani et al. 2017; fairseq's
 * inverse_sqrt). PyTorch has none.
 *
 * @param t updates made since the warm-up
 */
export const inverseSquareRoot = (baseRate: number, t: number, warmupSteps: number): number =>
  baseRate * Math.sqrt(warmupSteps / (warmupSteps + t))
