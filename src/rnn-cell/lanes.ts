/** The lanes of a cell (one a layer and direction), and with them the names and shapes of all its parameters. */
import { type CellForm, directionsOf, readableSize } from './form'
import { kindOf } from './kinds'

/** One layer in one direction: a chain of hidden states with its own weights. */
export interface Lane {
  /** from 1 */
  readonly layer: number
  readonly reverse: boolean
  /** behind the names of its parameters: '', '2', 'r', '2r', 'd', '2d' … */
  readonly suffix: string
  /** numbers in what it takes in at a step */
  readonly inputSize: number
}

/** Layer by layer, forward before reverse: PyTorch's order of h_n. */
export function lanesOf(form: CellForm): Lane[] {
  const directions = directionsOf(form) === 2 ? [false, true] : [false]
  return layersOf(form).flatMap((layer) =>
    directions.map((reverse) => ({
      layer,
      reverse,
      suffix: `${layer === 1 ? '' : layer}${reverse ? 'r' : ''}`,
      inputSize: layer === 1 ? form.sizes.inputSize : readableSize(form),
    })),
  )
}

/** The lanes of a decoder's steps: its own, which take in what the readout says, or those of the encoder. */
export function decoderLanesOf(form: CellForm): Lane[] {
  if (!form.decoder) return lanesOf(form)
  return layersOf(form).map((layer) => ({
    layer,
    reverse: false,
    suffix: `${layer === 1 ? '' : layer}d`,
    inputSize: layer === 1 ? form.sizes.outputSize : form.sizes.hiddenSize,
  }))
}

const layersOf = ({ layers }: CellForm): number[] => Array.from({ length: layers }, (_, index) => index + 1)

/** The shape of every parameter, in the order in which they are drawn, stored and listed. */
export function parameterShapes(form: CellForm): Record<string, number[]> {
  const { outputSize } = form.sizes
  const lanes = form.decoder ? [...lanesOf(form), ...decoderLanesOf(form)] : lanesOf(form)
  const shapes: Record<string, number[]> = {}
  for (const { suffix, inputSize } of lanes)
    for (const [name, shape] of Object.entries(kindOf(form).shapes(form, inputSize)))
      shapes[name + suffix] = shape
  if (form.readout === 'none') return shapes
  return { ...shapes, V: [outputSize, readableSize(form)], c: [outputSize] }
}
