import { activations } from '../../rnn-cell/activation'
import type { Comparison } from './comparison'
import { pointwise } from './pointwise'
import { probability } from './probability'
import { weightsIn } from './weights'

/**
 * ℓ = -(p y log σ(o) + (1 - y) log(1 - σ(o))), ∂ℓ/∂o = (1 - y) σ(o) - p y σ(-o), with p the positive weight of the
 * output. As torch.nn.BCEWithLogitsLoss with pos_weight. The logarithms are those of softplus, so that no logit is
 * too large and nothing cancels where a prediction is nearly certain.
 *
 * @throws ExpectedError for a target outside of 0 to 1, or weights that do not fit the outputs
 */
export const binaryCrossEntropy: Comparison = (input, { reduction, positiveWeights }) => {
  const size = input.outputs.shape[2]
  const forAll = positiveWeights?.length === 1
  const weights = weightsIn('positiveWeights', positiveWeights, forAll ? 1 : size)
  const positive = (place: number) => weights[forAll ? 0 : place]
  return pointwise(
    input,
    reduction,
    (logit, target, place) =>
      positive(place) * probability(target) * softplus(-logit) + (1 - target) * softplus(logit),
    (logit, target, place) => (1 - target) * sigmoid(logit) - positive(place) * target * sigmoid(-logit),
  )
}

const sigmoid = activations.sigmoid.output

/** log(1 + exp(a)) = -log σ(-a) */
const softplus = (a: number): number => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)))
