/** Windows of the replay buffer as a batch, each scaled as its topic is now. */
import { type Tensor, tensor } from '../../tensor/tensor'
import type { LinearScale, Scale } from '../scaling'
import type { Examples } from '../task'
import type { StreamSettings } from './options'
import type { Fields } from './reading'
import type { ReplayWindow } from './replay'
import type { Values } from './step'
import { hasTarget } from './window'

export interface StreamBatch extends Examples {
  readonly phase: 'train'
  /** batches so far, this one included */
  readonly step: number
  /** [B, T], 0 where nothing is known. Missing if all steps are there */
  readonly mask?: Tensor
  /** B topics */
  readonly topics: readonly string[]
  /** B scales, that of the topic of each window; missing if nothing is scaled */
  readonly scales?: readonly Scale[]
}

export function batchOf(
  windows: readonly ReplayWindow[],
  step: number,
  settings: StreamSettings,
  { inputs, targets }: Fields,
): StreamBatch {
  const { length, horizon, targetsPer } = settings
  const batch = windows.length
  const [inputSize, outputSize] = [inputs.length, targets.length]
  const x = tensor('float64', [batch, length, inputSize])
  const perStep = targetsPer === 'step'
  const said = perStep ? length : 1
  const y = tensor('float64', [batch, ...(perStep ? [length] : []), outputSize])
  const mask = tensor('float64', [batch, length])
  const targetMask = tensor('float64', [batch, said])
  const scales = windows.map(({ topic }) => topic.scale())

  windows.forEach(({ steps }, row) => {
    const scale = scales[row]
    for (let place = 0; place < length; place++) {
      if (steps[place].kind === 'masked') continue
      mask.data[row * length + place] = 1
      write(steps[place].values, inputs, scale?.input, x, (row * length + place) * inputSize)
    }
    for (let nth = 0; nth < said; nth++) {
      const place = perStep ? nth : length - 1
      if (!hasTarget(steps, place, settings)) continue
      targetMask.data[row * said + nth] = 1
      write(steps[place + horizon].values, targets, scale?.target, y, (row * said + nth) * outputSize)
    }
  })
  return {
    inputs: x,
    targets: y,
    phase: 'train',
    step,
    topics: windows.map(({ topic }) => topic.name),
    ...(mask.data.includes(0) && { mask }),
    ...(targetMask.data.includes(0) && { targetMask }),
    ...(scales[0] && { scales: scales as Scale[] }),
  }
}

/** Some of the fields of a step, scaled, into a tensor from `start` on. */
function write(
  values: Values,
  places: readonly number[],
  scale: LinearScale | undefined,
  { data }: Tensor,
  start: number,
): void {
  for (let feature = 0; feature < places.length; feature++) {
    const value = values[places[feature]]
    data[start + feature] = scale ? (value - scale.mean[feature]) / scale.std[feature] : value
  }
}
