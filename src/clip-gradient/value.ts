import { forEachParameter, type Parameters, parameterNames } from '../rnn-cell/parameters'

/**
 * Cuts every entry to [-threshold, threshold] (Mikolov 2012; torch.nn.utils.clip_grad_value_). The direction of
 * the gradient changes.
 *
 * @returns new parameters, or the given ones if nothing had to be done
 */
export function clipByValue(gradient: Parameters, threshold: number): Parameters {
  const within = parameterNames.every((name) =>
    gradient[name].data.every((entry) => Math.abs(entry) <= threshold),
  )
  if (within) return gradient
  return forEachParameter((name) => ({
    ...gradient[name],
    data: gradient[name].data.map((entry) => Math.min(Math.max(entry, -threshold), threshold)),
  }))
}
