/**
 * A cell as tensors under PyTorch's names, which torch.nn.RNN, GRU or LSTM's load_state_dict takes; and all of its form
 * and the scale of its data in the metadata. What PyTorch has not has names of our own: peephole_l0 …, a decoder's lanes behind `decoder.`, and
 * the readout as of an nn.Linear called readout.
 */
import type { Cell } from '../rnn-cell/cell'
import type { Tensor } from '../tensor/tensor'
import { metadataOf } from './metadata'
import type { SafetensorsFile } from './safetensors'
import type { ModelScale } from './scale'
import { toTorchBiases } from './torch-biases'
import { decoderPrefix, type LaneTensor, laneName, prefixedLanes, readoutStem } from './torch-names'

export function toTorch({ precision: _, parameters, ...form }: Cell, scale: ModelScale): SafetensorsFile {
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
  return { tensors, metadata: metadataOf(form, scale) }
}
