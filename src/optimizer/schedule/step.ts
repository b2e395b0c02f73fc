/**
 * η γ^⌊t/s⌋: less by the factor γ every s updates. torch.optim.lr_scheduler.StepLR.
 *
 * @param t updates made before this one
 */
export const step = (baseRate: number, t: number, stepSize: number, gamma: number): number =>
  baseRate * gamma ** Math.floor(t / stepSize)
