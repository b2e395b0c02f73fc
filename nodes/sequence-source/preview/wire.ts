/** What the runtime tells the editor of a source: the first sequence that it would send. */

export interface SourcePreview {
  /** T, all its steps */
  readonly length: number
  /** D, all its features */
  readonly inputSize: number
  /** [T][D]: the first steps and the first features; null where a number is not finite */
  readonly inputs: readonly (readonly (number | null)[])[]
  /** of inputs that are one-hot rows: which place has the 1, by step */
  readonly symbols?: readonly number[]
  readonly targetsPer: 'sequence' | 'step'
  readonly targetKind: 'value' | 'class'
  /** steps with a target; 1 where there is one for the whole sequence */
  readonly targetLength: number
  /** O: values of a target, or classes */
  readonly outputSize: number
  /** [L][O] values, [L][1] classes: the first of them */
  readonly targets: readonly (readonly (number | null)[])[]
  /** by target, 0 where it does not count */
  readonly targetMask?: readonly number[]
  /** what the columns are called, where the data say it */
  readonly names?: readonly string[]
  readonly targetNames?: readonly string[]
  /** what the symbols and classes above are called, where the data say it */
  readonly symbolNames?: Readonly<Record<number, string>>
  readonly classNames?: Readonly<Record<number, string>>
  /** each column has been brought to mean 0 and deviation 1 */
  readonly isScaled: boolean
}

/** Or what is wrong, in words. */
export type PreviewAnswer = SourcePreview | { readonly error: string }
