/** One cycle (Smith & Topin 2019). torch.optim.lr_scheduler.OneCycleLR, cosine, without cycled momentum. */
export interface OneCycleSettings {
  /** T, updates of the whole cycle */
  readonly totalSteps: number
  /** p, share of the cycle in which the rate rises */
  readonly pctStart: number
  /** the first rate is η / divFactor */
  readonly divFactor: number
  /** the last rate is η / divFactor / finalDivFactor */
  readonly finalDivFactor: number
}

/**
 * Half a cosine from η/divFactor at t = 0 up to η, PyTorch's max_lr, at t = pT - 1, and another down to
 * η/divFactor/finalDivFactor at t = T - 1. There it stays, where PyTorch stops with an error.
 *
 * @param t updates made before this one
 */
export function oneCycle(
  baseRate: number,
  t: number,
  { totalSteps, pctStart, divFactor, finalDivFactor }: OneCycleSettings,
): number {
  const first = baseRate / divFactor
  const last = first / finalDivFactor
  const peak = pctStart * totalSteps - 1
  const end = totalSteps - 1
  if (t <= peak) return anneal(first, baseRate, t / peak)
  return t < end ? anneal(baseRate, last, (t - peak) / (end - peak)) : last
}

/** @param share from 0 to 1; NaN, from a rise that is one update long, is its end */
const anneal = (from: number, to: number, share: number): number =>
  Number.isNaN(share) ? to : to + ((from - to) / 2) * (Math.cos(Math.PI * share) + 1)
