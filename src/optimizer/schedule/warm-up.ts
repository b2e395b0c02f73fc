/**
 * η (s + (1-s) t/w) for the first w updates: linear from s η up to η. torch.optim.lr_scheduler.LinearLR, s
 * its start_factor and w its total_iters; s = 0 is optax's warm-up from 0, in which the first update is 0.
 *
 * @param t updates made before this one, below w
 */
export const warmUp = (baseRate: number, t: number, warmupSteps: number, startFactor: number): number =>
  baseRate * (startFactor + ((1 - startFactor) * t) / warmupSteps)
