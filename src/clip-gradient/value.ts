import type { Parameters } from '../rnn-cell/parameters'
import { changeTensors } from './change'
import type { ClipSettings } from './options'

/**
 * Cuts every entry to [-threshold, threshold] (Mikolov 2012; torch.nn.utils.clip_grad_value_). The direction of
 * the gradient changes.
 */
export function clipByValue(
  gradient: Parameters,
  { threshold }: Pick<ClipSettings, 'threshold'>,
): Parameters {
  return changeTensors(gradient, ({ data }) => {
    const cut = data.slice()
    for (let index = 0; index < cut.length; index++)
      cut[index] = Math.min(Math.max(cut[index], -threshold), threshold)
    return cut
  })
}
