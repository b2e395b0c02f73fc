/**
 * What the recurrent matrix alone says about gradients: its singular and eigenvalues, and the verdict of
 * Pascanu, Mikolov & Bengio 2013 ("On the difficulty of training recurrent neural networks", section 2.1).
 */
import { ExpectedError, oneOf } from '../../expected'
import { allFinite, showShape, type Tensor } from '../../tensor/tensor'
import { type Eigenvalue, eigenvaluesOf, modulus, sigmaMaxOf } from './eigenvalues'

/** γ, the bound of |φ'|. */
const derivativeBounds = { tanh: 1, relu: 1, sigmoid: 1 / 4, linear: 1 }

export interface SpectrumOptions {
  /** names of the H×H blocks stacked in W, from the top: ['h'], ['i', 'f', 'g', 'o'], ['r', 'z', 'n'] */
  readonly gates: readonly string[]
  /** φ of a plain rnn, whose W is one block: asks for the verdict */
  readonly activation?: keyof typeof derivativeBounds
}

export interface BlockSpectrum {
  /** σ_max, the norm ‖·‖₂ of the block */
  readonly sigmaMax: number
  /** the largest |λ| */
  readonly spectralRadius: number
  /** all H of them, largest modulus first */
  readonly eigenvalues: readonly Eigenvalue[]
}

/** What each verdict says, in the words of Pascanu, Mikolov & Bengio 2013, whose λ₁ is σ_max. */
const verdictSentences = {
  vanishes:
    'The largest singular value of W is below 1/γ, which is sufficient for the vanishing gradient problem ' +
    'to occur: long-term gradients are guaranteed to vanish.',
  'may-explode':
    'The largest singular value of W is above 1/γ, which is necessary for gradients to explode but not ' +
    'sufficient: they may explode.',
  neither:
    'The largest singular value of W is 1/γ: gradients cannot explode, and nothing guarantees that they ' +
    'vanish.',
}

export type Verdict = keyof typeof verdictSentences

export interface PascanuVerdict {
  /** γ, the bound of |φ'| */
  readonly gamma: number
  /** σ_max · γ, which no ‖∂h_t/∂h_{t-1}‖₂ exceeds */
  readonly bound: number
  readonly verdict: Verdict
  readonly sentence: string
}

export interface RecurrentSpectrum {
  /** by the names of the gates, in their order */
  readonly blocks: Readonly<Record<string, BlockSpectrum>>
  /** for a plain rnn */
  readonly pascanu?: PascanuVerdict
}

export interface OmittedSpectrum {
  /** why there is none */
  readonly omitted: string
}

/**
 * The spectrum of each block of W, and for a plain rnn the verdict. When W holds a number that is not finite
 * there is no spectrum, and the result says so; a run goes on then, and so it is no error. Costs about 30 H³
 * multiplications a block: for looking at, not for each step of a large network.
 *
 * @param W [gates · H, H], the blocks stacked along the rows
 * @throws ExpectedError when the shape does not fit the gates, a name is there twice, or an activation comes
 * with more than one block
 */
export function recurrentSpectrum(
  W: Tensor,
  { gates, activation }: SpectrumOptions,
): RecurrentSpectrum | OmittedSpectrum {
  const [rows, size] = W.shape
  if (gates.length === 0 || new Set(gates).size !== gates.length)
    throw new ExpectedError('gates to be one or more different names', `[${gates.join(', ')}]`)
  if (W.shape.length !== 2 || !(size > 0) || rows !== gates.length * size)
    throw new ExpectedError(`W to be ${gates.length} square blocks, one under the other`, showShape(W.shape))
  if (activation !== undefined) {
    oneOf('activation', activation, Object.keys(derivativeBounds))
    if (gates.length > 1)
      throw new ExpectedError('no activation for a W of several gates', `the text "${activation}"`)
  }
  const count = size * size
  const blocks: Record<string, BlockSpectrum> = {}
  for (const [index, gate] of gates.entries()) {
    const block = Float64Array.from(W.data.subarray(index * count, (index + 1) * count))
    if (!allFinite(block)) return { omitted: `block ${gate} of W holds a number that is not finite` }
    const eigenvalues = eigenvaluesOf(block, size)
    blocks[gate] = { sigmaMax: sigmaMaxOf(block, size), spectralRadius: modulus(eigenvalues[0]), eigenvalues }
  }
  if (activation === undefined) return { blocks }
  const gamma = derivativeBounds[activation]
  const bound = blocks[gates[0]].sigmaMax * gamma
  const verdict = verdictOf(bound, size * (W.dtype === 'float32' ? 2 ** -23 : 2 ** -52))
  return { blocks, pascanu: { gamma, bound, verdict, sentence: verdictSentences[verdict] } }
}

/** @param rounding how far from 1 an orthogonal W can come to lie in its precision */
const verdictOf = (bound: number, rounding: number): Verdict =>
  Math.abs(bound - 1) <= rounding ? 'neither' : bound < 1 ? 'vanishes' : 'may-explode'
