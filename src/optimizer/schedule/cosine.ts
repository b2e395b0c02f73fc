/**
 * η_min + (η - η_min) (1 + cos(π t/T)) / 2 (Loshchilov & Hutter 2017, without restarts).
 * torch.optim.lr_scheduler.CosineAnnealingLR, T its T_max: after T updates it rises again, as there.
 *
 * @param t updates made before this one
 */
export const cosine = (baseRate: number, t: number, totalSteps: number, minLearningRate: number): number =>
  minLearningRate + ((baseRate - minLearningRate) * (1 + Math.cos((Math.PI * t) / totalSteps))) / 2
