import type { Parameters } from '../rnn-cell/parameters'
import { norm } from '../tensor/norm'
import { changeTensors, scale, shrinkage } from './change'
import type { ClipSettings } from './options'

/**
 * Scales each tensor by itself, so that the root mean square of its entries is at most `threshold`
 * (optax.clip_by_block_rms; Shazeer & Stern 2018, section 6). A large tensor is not punished for its size.
 */
export function clipByBlockRms(
  gradient: Parameters,
  { threshold }: Pick<ClipSettings, 'threshold'>,
): Parameters {
  return changeTensors(gradient, ({ data }) =>
    scale(data, shrinkage(norm(data) / Math.sqrt(data.length), threshold)),
  )
}
