/** What the recurrent weights, and the steps of one unrolled sequence, say about gradients, as plain numbers. */
import {
  type Cell,
  gatesOf,
  jacobianNorms,
  leadingLyapunovExponent,
  recurrentSpectrum,
  type SpectralInformation,
  stateSize,
  stepJacobians,
  type Unrolled,
} from '../../src'
import type { MessageSpectrum } from './message'
import { plain } from './plain'

/** Above these the measures would hold the other flows up for more than a moment. */
const mostHidden = 128
/** numbers in the state times steps */
const mostStates = 2000

export const spectrumOf = (unrolled: Unrolled): MessageSpectrum => ({
  recurrent: recurrentOf(unrolled.cell),
  ...alongTime(unrolled),
})

/** Of the weights alone, where the steps are too many to be measured. */
export function spectrumOfCell(cell: Cell): MessageSpectrum {
  const omitted = 'the sequence is too long, or its state too large, to be measured along time'
  return { recurrent: recurrentOf(cell), lyapunov: { omitted }, jacobians: { omitted } }
}

function recurrentOf({ type, activation, sizes, parameters }: Cell): MessageSpectrum['recurrent'] {
  const { hiddenSize } = sizes
  const matrices = Object.entries(parameters).filter(([name]) => name.startsWith('W'))
  return Object.fromEntries(
    matrices.map(([name, W]) => [
      name,
      hiddenSize > mostHidden
        ? { omitted: `the hidden state has ${hiddenSize} numbers, more than ${mostHidden}` }
        : plain(recurrentSpectrum(W, { gates: gatesOf({ type }), ...(type === 'rnn' && { activation }) })),
    ]),
  )
}

/** Of the first sequence. Where it pauses or has ended its state stays as it is, which is not measured. */
function alongTime(unrolled: Unrolled): Pick<MessageSpectrum, 'lyapunov' | 'jacobians'> {
  const { cell, steps, batch, present } = unrolled
  const size = stateSize(unrolled)
  const reason = cell.bidirectional
    ? 'the steps of a cell of two directions do not follow one another'
    : size * steps > mostStates
      ? `the state has ${size} numbers in each of ${steps} steps, more than ${mostStates} in all`
      : undefined
  if (reason) return { lyapunov: { omitted: reason }, jacobians: { omitted: reason } }
  const jacobians = stepJacobians(unrolled)
  const taken = jacobians.filter((_, index) => present?.[index * batch] !== 0)
  return {
    lyapunov:
      taken.length > 0 ? plain(leadingLyapunovExponent(taken)) : { omitted: 'the sequence takes no step' },
    jacobians: plain(jacobianNorms(jacobians.slice(1), steps)),
  }
}

/** σ_max·γ of a plain rnn: of several layers or directions that with the largest, which decides for all. */
export function spectralInformation({ recurrent }: MessageSpectrum): SpectralInformation | undefined {
  const [largest] = Object.values(recurrent)
    .flatMap((one) => ('pascanu' in one && one.pascanu ? [one.pascanu] : []))
    .toSorted((a, b) => (b.bound ?? Infinity) - (a.bound ?? Infinity))
  return largest && { sigmaMaxGamma: largest.bound, verdict: largest.sentence }
}
