/** Gradient ⇄ message. */
import { ExpectedError, type Gradient } from '../../src'
import type { MessageGradient, RnnMessage } from './message'
import { missing } from './missing'
import { plain } from './plain'
import { allFromMessage, allToMessage } from './tensors'

export const gradientToMessage = ({
  parameters,
  loss: _,
  credit,
  regularization,
  ...rest
}: Gradient): MessageGradient => ({
  ...rest,
  parameters: allToMessage(parameters),
  ...(credit && { credit: plain(credit) }),
  ...(regularization && { regularization: plain(regularization) }),
})

/** @throws ExpectedError if there is no gradient in the message */
export function gradientFromMessage(msg: RnnMessage): Gradient {
  const gradient = msg.gradient ?? missing('gradient', 'bptt-gradient')
  const parameters = allFromMessage(gradient.parameters, 'msg.gradient.parameters')
  if (Object.keys(parameters).length === 0)
    throw new ExpectedError('msg.gradient.parameters by name (W, U, b, V, c)', 'none')
  // what cannot be handed on is refused now, and not when the gradient has left its trace in a clipper
  plain([gradient.credit, gradient.regularization])
  // what is null in credit and regularization goes on as it came
  return { ...(gradient as MessageGradient & Gradient), loss: msg.loss ?? Number.NaN, parameters }
}
