/**
 * η (1 - t/T)^p, and 0 after T updates. torch.optim.lr_scheduler.PolynomialLR, T its total_iters.
 *
 * @param t updates made before this one
 */
export const polynomial = (baseRate: number, t: number, totalSteps: number, power: number): number =>
  baseRate * (1 - Math.min(t, totalSteps) / totalSteps) ** power
