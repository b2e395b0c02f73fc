/** Adaptive gradient clipping, AGC (Brock, De, Smith & Simonyan 2021, equation 3; optax.adaptive_grad_clip). */
import { ExpectedError } from '../expected'
import type { ParameterName, Parameters } from '../rnn-cell/parameters'
import { sameShape, showShape, type Tensor } from '../tensor/tensor'
import { changeTensors, shrinkage } from './change'
import type { ClipSettings } from './options'
import { unitNorm, unitsOf } from './unitwise'

/**
 * Scales each unit of a tensor by itself, so that ‖G_i‖ is at most λ max(‖W_i‖, ε): the gradient of a unit is
 * measured against the weights it is to change.
 *
 * @param parameters of the cell
 * @throws ExpectedError if they are missing or of other shapes
 */
export function clipAdaptively(
  gradient: Parameters,
  { clipping, axis, epsilon }: Pick<ClipSettings, 'clipping' | 'axis' | 'epsilon'>,
  parameters: Parameters = {},
): Parameters {
  return changeTensors(gradient, (tensor, name) => {
    const parameter = parameterFor(tensor, name, parameters)
    const data = tensor.data.slice()
    for (const unit of unitsOf(tensor.shape, axis)) {
      const largest = clipping * Math.max(unitNorm(parameter.data, unit), epsilon)
      const coefficient = shrinkage(unitNorm(tensor.data, unit), largest)
      for (let index = 0; index < unit.length; index++) data[unit.start + index * unit.stride] *= coefficient
    }
    return data
  })
}

function parameterFor({ shape }: Tensor, name: ParameterName, parameters: Parameters): Tensor {
  const parameter = parameters[name]
  if (parameter && sameShape(parameter.shape, shape)) return parameter
  throw new ExpectedError(
    `the cell's parameters with the rule adaptive, ${name} of shape ${showShape(shape)} among them`,
    parameter ? showShape(parameter.shape) : `none called ${name}`,
  )
}
