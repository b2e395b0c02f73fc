/**
 * The form of a cell in a file of tensors. Its structure is told from their names and shapes, so that files made by
 * PyTorch have one too; what leaves no trace in the tensors (φ, clip …) from the metadata of our own files.
 */
import { ExpectedError, oneOf } from '../expected'
import { type CellForm, type CellType, cellTypes, directionsOf, readoutNames } from '../rnn-cell/form'
import { kindOf } from '../rnn-cell/kinds'
import { type CellOptions, readForm } from '../rnn-cell/options'
import { showShape, type Tensor } from '../tensor/tensor'
import { isOurs, type Metadata } from './metadata'
import { short } from './short'
import { laneName } from './torch-names'
import type { TorchParts } from './torch-parts'

/**
 * The whole form. Without metadata of ours it is what PyTorch means, and its activation and readout are only the usual
 * ones.
 *
 * @throws ExpectedError if the metadata says something else than the tensors, or it is no form of a cell
 */
export function formOfTensors(
  tensors: ReadonlyMap<string, Tensor>,
  parts: TorchParts,
  metadata: Metadata,
): CellForm {
  const told = toldBy(tensors, parts)
  if (!isOurs(metadata)) return readForm({ ...told, ...(!parts.readout && { readout: 'none' }) })
  for (const [name, value] of Object.entries(told))
    if (metadata[name] !== undefined && metadata[name] !== String(value))
      throw new ExpectedError(
        `tensors of ${name} ${short(metadata[name])}, as the metadata say`,
        String(value),
      )
  return readForm({ ...told, ...saidBy(metadata, parts) })
}

function toldBy(tensors: ReadonlyMap<string, Tensor>, { recurrent, decoder, readout }: TorchParts) {
  const first = { layer: 1, reverse: false }
  const [, inputSize] = matrixShape(tensors, recurrent.prefix + laneName('weight_ih', first))
  const recurrentName = recurrent.prefix + laneName('weight_hh', first)
  const [rows, hiddenSize] = matrixShape(tensors, recurrentName)
  const type = typeOf(rows, hiddenSize, recurrentName)
  const bidirectional = recurrent.names.some(({ reverse }) => reverse)
  return {
    type,
    layers: new Set(recurrent.names.map(({ layer }) => layer)).size,
    bidirectional,
    decoder: decoder !== undefined,
    peepholes: recurrent.names.some(({ tensor }) => tensor === 'peephole'),
    inputSize,
    hiddenSize,
    outputSize: readout
      ? matrixShape(tensors, readout.weight)[0]
      : directionsOf({ bidirectional }) * hiddenSize,
  }
}

function matrixShape(tensors: ReadonlyMap<string, Tensor>, name: string): readonly number[] {
  const shape = tensors.get(name)?.shape
  if (shape?.length === 2) return shape
  throw new ExpectedError(`a matrix ${short(name)}`, shape ? `${shape.length} axes` : 'none')
}

function typeOf(rows: number, hiddenSize: number, name: string): CellType {
  const type = cellTypes.find((known) => rows === kindOf({ type: known }).gates.length * hiddenSize)
  if (type) return type
  throw new ExpectedError(
    `${short(name)} of 1 (rnn), 3 (gru) or 4 (lstm) times as many rows as columns`,
    showShape([rows, hiddenSize]),
  )
}

/** What is not told from the tensors; files of 0.1.0 say no more than the activation. */
function saidBy(metadata: Metadata, { readout: hasReadout }: TorchParts): Partial<CellOptions> {
  const { activation, gateActivation, resetAfter, clip } = metadata
  const readout = oneOf('readout', metadata.readout ?? (hasReadout ? 'linear' : 'none'), readoutNames)
  if ((readout === 'none') === (hasReadout !== undefined))
    throw new ExpectedError(
      `tensors of readout ${readout}, as the metadata say`,
      hasReadout ? short(hasReadout.weight) : 'none',
    )
  return {
    activation: activation as CellOptions['activation'],
    gateActivation: gateActivation as CellOptions['gateActivation'],
    ...(resetAfter !== undefined && {
      resetAfter: oneOf('resetAfter', resetAfter, ['true', 'false']) === 'true',
    }),
    ...(clip !== undefined && { clip: Number(clip) }),
    readout,
  }
}
