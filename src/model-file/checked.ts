/** The parameters of a model that was read, whatever the format: all that they say is held against its form. */
import { ExpectedError, oneOf } from '../expected'
import type { CellForm } from '../rnn-cell/form'
import { parameterShapes } from '../rnn-cell/lanes'
import { allFinite, sameShape, showShape, type Tensor } from '../tensor/tensor'
import type { Model } from './model'

/** @throws ExpectedError naming a parameter that the form has not, or has in another shape, or that is not finite */
export function checkedParameters({ form, parameters }: Model): Readonly<Record<string, Tensor>> {
  const shapes = parameterShapes(form as CellForm)
  for (const [name, { shape, data }] of Object.entries(parameters)) {
    const wanted = shapes[oneOf('a parameter', name, Object.keys(shapes))]
    if (!sameShape(shape, wanted))
      throw new ExpectedError(`${name} of shape ${showShape(wanted)}`, showShape(shape))
    if (allFinite(data)) continue
    const wrong = data.findIndex((value) => !Number.isFinite(value))
    throw new ExpectedError(`finite numbers in ${name}`, `${data[wrong]} at position ${wrong + 1}`)
  }
  return parameters
}
