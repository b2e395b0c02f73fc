/** Biases that open or close a gate at the start, written over drawn ones. */
import type { Random } from '../../random/random'
import type { Floats } from '../../tensor/tensor'
import type { CellType } from '../form'
import { kindOf } from '../kinds'

/** The rows of one gate in the bias b [gH]. */
function gateOf(b: Floats, type: CellType, gate: string): Floats {
  const { gates } = kindOf({ type })
  const size = b.length / gates.length
  const index = gates.indexOf(gate)
  return b.subarray(index * size, (index + 1) * size)
}

/** The bias of an LSTM's forget gate (Gers et al. 2000; Jozefowicz et al. 2015). */
export function setForgetBias(b: Floats, value: number): void {
  gateOf(b, 'lstm', 'f').fill(value)
}

/**
 * Chrono initialisation (Tallec & Ollivier 2018, section 3): the gate that keeps the state starts at log U(1, longest -
 * 1), so that a unit forgets after a span drawn between 1 and `longest` steps; an LSTM's input gate at minus that. Of a
 * GRU as PyTorch writes it z keeps the state.
 */
export function setChronoBias(b: Floats, type: CellType, longest: number, random: Random): void {
  const keep = gateOf(b, type, type === 'lstm' ? 'f' : 'z')
  for (let unit = 0; unit < keep.length; unit++) keep[unit] = Math.log(random.uniform(1, longest - 1))
  if (type !== 'lstm') return
  gateOf(b, type, 'i').set(keep.map((value) => -value))
}
