import { forEachParameter, type Parameters, parameterNames } from '../rnn-cell/parameters'
import { norm } from '../tensor/norm'

/**
 * Scales all tensors together, so that their joint norm is at most `threshold` (Pascanu, Mikolov & Bengio 2013,
 * algorithm 1). The factor is threshold / (norm + 1e-6), as in torch.nn.utils.clip_grad_norm_.
 *
 * @returns new parameters, or the given ones if nothing had to be done
 */
export function clipByGlobalNorm(gradient: Parameters, threshold: number): Parameters {
  const coefficient = threshold / (norm(...parameterNames.map((name) => gradient[name].data)) + 1e-6)
  if (coefficient >= 1) return gradient
  return forEachParameter((name) => ({
    ...gradient[name],
    data: gradient[name].data.map((entry) => entry * coefficient),
  }))
}
