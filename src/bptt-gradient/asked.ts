/** What a gradient was asked for, read and checked. */
import { oneOf } from '../expected'
import type { TermsKind } from '../kernel/program/program'
import { type KernelName, kernelNames } from '../unroll/unroll'
import type { Unrolled } from '../unroll/unrolled'
import { compare } from './compare'
import type { CreditOptions } from './credit'
import type { LossName, LossOptions } from './loss/loss'
import type { RegularizerOptions } from './regularizer'
import { type TruncationOptions, type Window, windowsOf } from './windows'

export const termsKinds = ['batch', 'sequence', 'none'] as const satisfies readonly TermsKind[]

export interface BpttOptions extends LossOptions, TruncationOptions {
  /** default mse */
  loss?: LossName
  /** 0 where an output does not count, [B, L], or [B] when the network reads out once; default: all count, up to the
   *  end of each sequence */
  mask?: unknown
  /** hand over every factor of the sum, for the first sequence; see `factorsOf`. Default false. */
  factors?: boolean
  /** hand over the norms of the terms by pairs (t, i); see `creditOf`. Default false. */
  credit?: boolean | CreditOptions
  /** norms of the terms: of the sum over the batch, of each sequence by itself, or none; default batch */
  terms?: TermsKind
  /** reference: step by step in plain TypeScript; default auto: by WebAssembly, except for truncation, checkpoints, Ω,
   *  outputs that were fed back, and numbers that leave its range */
  kernel?: KernelName
  /** Ω of Pascanu, Mikolov & Bengio 2013, added to the gradient; see `regularizer`. Default none. */
  regularizer?: RegularizerOptions
}

export interface Asked {
  readonly unrolled: Unrolled
  readonly options: BpttOptions
  readonly loss: number
  /** ∂L/∂(V s_t + c) [L, B, O] */
  readonly der: Float64Array
  readonly windows: readonly Window[]
  readonly terms: TermsKind
  /** nothing asks for the steps one by one */
  readonly byProgram: boolean
}

/** @throws ExpectedError for an option that is wrong, or targets that do not fit */
export function prepare(unrolled: Unrolled, targets: unknown, options: BpttOptions): Asked {
  const terms = oneOf('terms', options.terms ?? 'batch', termsKinds)
  const kernel = oneOf('kernel', options.kernel ?? 'auto', kernelNames)
  const { k1, k2, regularizer } = options
  const isPlain = k1 === undefined && k2 === undefined && regularizer === undefined
  return {
    unrolled,
    options,
    ...compare(unrolled, targets, options),
    windows: windowsOf(unrolled, options),
    terms,
    byProgram: kernel === 'auto' && isPlain,
  }
}
