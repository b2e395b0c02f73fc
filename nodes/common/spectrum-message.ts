/** What the recurrent weights, and the steps of one unrolled sequence, say about gradients, as plain numbers. */
import {
  type Cell,
  gatesOf,
  jacobianNorms,
  leadingLyapunovExponent,
  recurrentSpectrum,
  type SpectralInformation,
  sequenceOf,
  stateSize,
  stepJacobians,
  type Unrolled,
} from '../../src'
import type { MessageSpectrum } from './message'
import { plain } from './plain'

/** Above these the measures take more than a moment. */
const mostHidden = 128
/** numbers in the state times steps */
const mostStates = 2000

/** What is measured: the weights, and one sequence of them, or in words why there is none. */
export interface SpectrumJob {
  /** with the recurrent parameters alone */
  readonly cell: Cell
  readonly along: Unrolled | string
}

/** Of the first sequence. */
export function spectrumJob(unrolled: Unrolled): SpectrumJob {
  const reason = omission(unrolled)
  const first = () => (unrolled.batch === 1 ? unrolled : sequenceOf(unrolled, 0, 1))
  return { cell: recurrentCell(unrolled.cell), along: reason ?? first() }
}

/** Why there are no measures along time, if there are none. */
function omission(unrolled: Unrolled): string | undefined {
  const size = stateSize(unrolled)
  if (unrolled.cell.bidirectional) return 'the steps of a cell of two directions do not follow one another'
  if (size * unrolled.steps <= mostStates) return undefined
  return `the state has ${size} numbers in each of ${unrolled.steps} steps, more than ${mostStates} in all`
}

const recurrentCell = (cell: Cell): Cell => ({
  ...cell,
  parameters: Object.fromEntries(Object.entries(cell.parameters).filter(([name]) => name.startsWith('W'))),
})

/** Whether its recurrent weights are not too many to be measured. */
export const isMeasured = ({ sizes }: Cell): boolean => sizes.hiddenSize <= mostHidden

export const measureSpectrum = ({ cell, along }: SpectrumJob): MessageSpectrum => ({
  recurrent: recurrentOf(cell),
  ...(typeof along === 'string'
    ? { lyapunov: { omitted: along }, jacobians: { omitted: along } }
    : alongTime(along)),
})

export const spectrumOf = (unrolled: Unrolled): MessageSpectrum => measureSpectrum(spectrumJob(unrolled))

/** Of the weights alone, where the steps are too many to be measured. */
export const spectrumOfCell = (cell: Cell): MessageSpectrum =>
  measureSpectrum({
    cell: recurrentCell(cell),
    along: 'the sequence is too long, or its state too large, to be measured along time',
  })

function recurrentOf(cell: Cell): MessageSpectrum['recurrent'] {
  const { type, activation, sizes, parameters } = cell
  const { hiddenSize } = sizes
  return Object.fromEntries(
    Object.entries(parameters).map(([name, W]) => [
      name,
      isMeasured(cell)
        ? plain(recurrentSpectrum(W, { gates: gatesOf({ type }), ...(type === 'rnn' && { activation }) }))
        : { omitted: `the hidden state has ${hiddenSize} numbers, more than ${mostHidden}` },
    ]),
  )
}

/** Where a sequence pauses or has ended its state stays as it is, which is not measured. */
function alongTime(unrolled: Unrolled): Pick<MessageSpectrum, 'lyapunov' | 'jacobians'> {
  const { steps, present } = unrolled
  const jacobians = stepJacobians(unrolled)
  const taken = jacobians.filter((_, index) => present?.[index] !== 0)
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
