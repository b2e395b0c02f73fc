/**
 * η γ^t. torch.optim.lr_scheduler.ExponentialLR; with γ above 1 a learning rate range test (Smith 2017).
 *
 * @param t updates made before this one
 */
export const exponential = (baseRate: number, t: number, gamma: number): number => baseRate * gamma ** t
