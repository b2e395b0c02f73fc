import type { Parameters } from '../rnn-cell/parameters'
import { changeTensors, scale, shrinkage } from './change'
import type { ClipSettings } from './options'
import { pNorm } from './p-norm'

/**
 * Scales each tensor by itself, so that its norm is at most `threshold`. With ε = 0 this is Keras's `clipnorm`
 * (tf.clip_by_norm). The direction of a tensor stays, that of the whole gradient does not.
 */
export function clipByTensorNorm(
  gradient: Parameters,
  { threshold, normType, epsilon }: Pick<ClipSettings, 'threshold' | 'normType' | 'epsilon'>,
): Parameters {
  return changeTensors(gradient, ({ data }) =>
    scale(data, shrinkage(pNorm(normType, data), threshold, epsilon)),
  )
}
