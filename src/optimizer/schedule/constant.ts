/** η: the same rate for every update. */
export const constant = (baseRate: number): number => baseRate
