/**
 * η γ^n, n the number of milestones reached. torch.optim.lr_scheduler.MultiStepLR.
 *
 * @param t updates made before this one
 * @param milestones in updates, in any order; one that is there twice counts twice
 */
export const multiStep = (
  baseRate: number,
  t: number,
  milestones: readonly number[],
  gamma: number,
): number => baseRate * gamma ** milestones.filter((milestone) => milestone <= t).length
