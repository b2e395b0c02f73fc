/**
 * A cell as tensors under PyTorch's names, which torch.nn.RNN, GRU or LSTM's load_state_dict takes; and all of its form
 * in the metadata. What PyTorch has not has names of our own: peephole_l0 …, a decoder's lanes behind `decoder.`, and
 * the readout as of an nn.Linear called readout.
 */
import type { Cell } from '../rnn-cell/cell'
import type { CellForm } from '../rnn-cell/form'
import type { Tensor } from '../tensor/tensor'
import type { SafetensorsFile } from './safetensors'
import { toTorchBiases } from './torch-biases'
import { decoderPrefix, type LaneTensor, laneName, prefixedLanes, readoutStem } from './torch-names'

export function toTorch({ precision, parameters, ...form }: Cell): SafetensorsFile {
  const tensors = new Map<string, Tensor>()
  for (const { prefix, lane } of prefixedLanes(form, { recurrent: '', decoder: decoderPrefix })) {
    const own = (name: string) => parameters[name + lane.suffix]
    const put = (name: LaneTensor, parameter: Tensor) => tensors.set(prefix + laneName(name, lane), parameter)
    const { bias_ih, bias_hh } = toTorchBiases(own('b'), own('bn'))
    put('weight_ih', own('U'))
    put('weight_hh', own('W'))
    put('bias_ih', bias_ih)
    put('bias_hh', bias_hh)
    if (form.peepholes) put('peephole', own('p'))
  }
  if (form.readout !== 'none') {
    tensors.set(`${readoutStem}.weight`, parameters.V)
    tensors.set(`${readoutStem}.bias`, parameters.c)
  }
  return { tensors, metadata: metadataOf(form) }
}

function metadataOf({ sizes, ...options }: CellForm): Record<string, string> {
  const entries = Object.entries({ ...options, ...sizes }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}
