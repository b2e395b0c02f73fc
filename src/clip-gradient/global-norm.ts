import type { Parameters } from '../rnn-cell/parameters'
import { scaleTensors, shrinkage } from './change'
import type { ClipSettings } from './options'
import { pNorm } from './p-norm'

/**
 * Scales all tensors together, so that their joint norm is at most `threshold` (Pascanu, Mikolov & Bengio 2013,
 * algorithm 1). The coefficient is threshold / (norm + ε): torch.nn.utils.clip_grad_norm_ with ε = 1e-6,
 * optax.clip_by_global_norm with ε = 0.
 */
export function clipByGlobalNorm(
  gradient: Parameters,
  { threshold, normType, epsilon }: Pick<ClipSettings, 'threshold' | 'normType' | 'epsilon'>,
): Parameters {
  const size = pNorm(normType, ...Object.values(gradient).map(({ data }) => data))
  return scaleTensors(gradient, shrinkage(size, threshold, epsilon))
}
